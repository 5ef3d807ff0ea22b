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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes rows out of one text, to be put in the place of another text's.
///
/// @param point of a block
/// @param block counted from 0
/// @param from position in the text that the row is taken from, from 0
/// @param to position in the text that it is put into
public record PatchSource(StreamPoint point, int block, int from, int to) {
    private static final int MAX_ROWS = 256;
    private static final Pattern WORD = Pattern.compile("(\\d{1,9}):(\\d{1,9})(?:=(\\d{1,9}))?");

    /// As options name it: layer from 1, position that it is put into, and position that it is
    /// taken from where that is another one.
    ///
    /// @throws IllegalArgumentException when it is none
    public static PatchSource parse(String word, StreamPoint point) {
        Matcher place = WORD.matcher(word);
        if (!place.matches() || Integer.parseInt(place.group(1)) < 1) {
            throw new IllegalArgumentException(
                    "must be L:P or L:P=Q with a layer from 1 and positions from 0, for example 3:7, but is "
                            + word);
        }
        int to = Integer.parseInt(place.group(2));
        int from = place.group(3) == null ? to : Integer.parseInt(place.group(3));
        return new PatchSource(point, Integer.parseInt(place.group(1)) - 1, from, to);
    }

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
            if (source.block() >= model.config().nLayers()) {
                throw new IllegalArgumentException(
                        "there is no layer %d; this model has layers 1..%d"
                                .formatted(source.block() + 1, model.config().nLayers()));
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
