package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Everything the hook points of one session show, by point and position.
final class Recording {
    private final int dModel;
    private final Map<HookPoint, float[]> rows = new LinkedHashMap<>();
    private final List<Session.Attached> attached = new ArrayList<>();

    Recording(Model model, Session session) {
        dModel = model.config().dModel();
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            for (Site site : Site.values()) {
                boolean missing = site == Site.RESID_MID && !model.config().residual().hasMid();
                if (site.isOfRouter() || missing) {
                    continue;
                }
                HookPoint point = new HookPoint(site, layer);
                float[] seen = new float[session.capacity() * dModel];
                Arrays.fill(seen, Float.NaN);
                rows.put(point, seen);
                attached.add(
                        session.observe(
                                point,
                                (_, position, values, offset) ->
                                        System.arraycopy(
                                                values, offset, seen, position * dModel, dModel)));
            }
        }
    }

    /// Whether the model has this point.
    boolean has(HookPoint point) {
        return rows.containsKey(point);
    }

    /// The rows of all positions; NaN where nothing was seen.
    float[] at(HookPoint point) {
        return Objects.requireNonNull(rows.get(point), point::toString);
    }

    float[] at(HookPoint point, int positions) {
        return Arrays.copyOf(at(point), positions * dModel);
    }

    Map<HookPoint, float[]> all() {
        return rows;
    }

    void detach() {
        attached.forEach(Session.Attached::close);
    }

    /// The first `positions` positions are the same bits at every hook point.
    void requireSameBits(Recording other, int positions) {
        rows.forEach((point, _) ->
                assertThat(at(point, positions))
                        .as("%s", point)
                        .isEqualTo(other.at(point, positions))
                        .doesNotContain(Float.NaN));
    }
}
