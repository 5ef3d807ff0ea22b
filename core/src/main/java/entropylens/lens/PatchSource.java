package entropylens.lens;

import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.hook.Patch;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes rows out of one text, to be put in the place of another text's.
///
/// @param point of a block
/// @param block counted from 0
/// @param from position in the text that the row is taken from, from 0
/// @param to position in the text that it is put into
public record PatchSource(StreamPoint point, int block, int from, int to) {
    private static final int MAX_ROWS = 256;

    /// Runs a text, and takes the rows.
    ///
    /// @param ids of the text that rows are taken from
    /// @return a patch for each, in their order
    /// @throws IllegalArgumentException when a position is not in the text, or a block not in the
    ///   model
    public static List<Patch> take(Model model, int[] ids, List<PatchSource> sources) {
        for (PatchSource source : sources) {
            if (source.from() < 0 || source.from() >= ids.length) {
                throw new IllegalArgumentException(
                        "no position %d to take a row from: that text has the positions 0 to %d"
                                .formatted(source.from(), ids.length - 1));
            }
            StreamPoint.requireIn(model.config(), List.of(source.point()));
        }
        float[][] rows = new float[sources.size()][];
        new Runner(model, 1, MAX_ROWS)
                .run(
                        List.of(Run.of(ids, Intervention.NONE)),
                        new RunListener() {
                            @Override
                            public void begin(int text, Session session) {
                                for (int i = 0; i < rows.length; i++) {
                                    observe(
                                            session,
                                            sources.get(i),
                                            model.config().dModel(),
                                            rows,
                                            i);
                                }
                            }
                        },
                        Progress.NONE);
        List<Patch> patches = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            PatchSource source = sources.get(i);
            patches.add(new Patch(source.hookPoint(), source.to(), rows[i]));
        }
        return patches;
    }

    private static void observe(
            Session session, PatchSource source, int width, float[][] rows, int index) {
        session.observe(
                source.hookPoint(),
                (_, position, values, offset) -> {
                    if (position == source.from()) {
                        rows[index] = Arrays.copyOfRange(values, offset, offset + width);
                    }
                });
    }

    private HookPoint hookPoint() {
        return point.of(block);
    }
}
