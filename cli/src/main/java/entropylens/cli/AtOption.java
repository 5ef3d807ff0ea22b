package entropylens.cli;

import entropylens.lens.StreamPoint;
import entropylens.model.DecoderConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Where in a block the lens reads.
final class AtOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--at",
            split = ",",
            paramLabel = "POINT",
            description =
                    "Where each block is read: resid_pre, attn_out (what attention adds), resid_mid, mlp_out, resid_post (default: resid_post, the stream after the block). resid_pre,resid_mid,resid_post shows which half of a block expands and which prunes.")
    String @Nullable [] words;

    /// @param embedding whether layer 0 is asked for
    /// @throws ParameterException when the option makes no sense
    List<StreamPoint> points(boolean embedding) {
        if (words == null) {
            return List.of(StreamPoint.RESID_POST);
        }
        List<StreamPoint> points = new ArrayList<>();
        for (String word : words) {
            StreamPoint point = StreamPoint.named(word).orElseThrow(() -> wrong(unknown(word)));
            if (points.contains(point)) {
                throw wrong("--at names %s twice".formatted(word));
            }
            points.add(point);
        }
        if (embedding && !points.contains(StreamPoint.RESID_POST)) {
            throw wrong(
                    "--embedding adds layer 0 to resid_post, which --at does not name; layer 1 of resid_pre is the same row");
        }
        return points;
    }

    private static String unknown(String word) {
        return "--at: there is no point '%s' of the stream; there are %s"
                .formatted(
                        word,
                        Arrays.stream(StreamPoint.values())
                                .map(StreamPoint::word)
                                .collect(Collectors.joining(", ")));
    }

    /// @throws CliException when the blocks of a model lack a point
    static void requireIn(DecoderConfig config, List<StreamPoint> points) {
        try {
            StreamPoint.requireIn(config, points);
        } catch (IllegalArgumentException e) {
            throw new CliException("--at: " + e.getMessage(), e);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
