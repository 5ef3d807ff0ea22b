package entropylens.cli;

import entropylens.family.LoadedModel;
import entropylens.hook.Patch;
import entropylens.lens.PatchSource;
import entropylens.lens.StreamPoint;
import entropylens.result.Patched;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which rows of another text take the place of the prompt's.
final class PatchOptions {
    @Option(
            names = "--patch",
            split = ",",
            paramLabel = "L:P[=Q]",
            description =
                    "Put a row of another text (--patch-from) in the place of the prompt's: that of layer L at position P (from 0), taken from position Q of the other (default: P). What follows is computed from it.")
    String @Nullable [] places;

    @Option(
            names = "--patch-from",
            paramLabel = "TEXT",
            description =
                    "The text that rows are taken from; with --chat a message, written as the prompt is.")
    @Nullable String from;

    @Option(
            names = "--patch-from-ids",
            split = ",",
            paramLabel = "ID",
            description = "The same as token ids.")
    int @Nullable [] fromIds;

    @Option(
            names = "--patch-at",
            paramLabel = "POINT",
            description =
                    "resid_post (default), resid_pre, resid_mid, attn_out or mlp_out: what of the layer is replaced.")
    @Nullable String point;

    /// Why the options do not go together; empty where they do.
    Optional<String> contradiction() {
        int texts = (from == null ? 0 : 1) + (fromIds == null ? 0 : 1);
        if (places == null) {
            return texts == 0 && point == null
                    ? Optional.empty()
                    : Optional.of(
                            "--patch-from, --patch-from-ids and --patch-at are for --patch; add --patch L:P, or leave them out");
        }
        if (texts != 1) {
            return Optional.of(
                    "--patch takes rows of one other text; give it with --patch-from or --patch-from-ids");
        }
        if (point != null && StreamPoint.named(point).isEmpty()) {
            return Optional.of(
                    "--patch-at must be one of %s, but is %s"
                            .formatted(
                                    Arrays.stream(StreamPoint.values())
                                            .map(StreamPoint::word)
                                            .collect(Collectors.joining(", ")),
                                    point));
        }
        try {
            sources(places);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("--patch " + e.getMessage());
        }
    }

    /// Where rows come from and go to; empty where none do.
    ///
    /// @param encode the ids of the other text
    Optional<Patched> patched(LoadedModel model, Function<String, int[]> encode) {
        if (places == null) {
            return Optional.empty();
        }
        return Optional.of(new Patched(ids(model, encode), sources(places)));
    }

    private List<PatchSource> sources(String[] words) {
        StreamPoint at =
                Optional.ofNullable(point)
                        .flatMap(StreamPoint::named)
                        .orElse(StreamPoint.RESID_POST);
        return Arrays.stream(words).map(word -> PatchSource.parse(word, at)).toList();
    }

    private int[] ids(LoadedModel model, Function<String, int[]> encode) {
        int[] ids = fromIds == null ? encode.apply(String.valueOf(from)) : fromIds;
        if (ids.length == 0) {
            throw new CliException("--patch-from: the tokenizer makes no tokens of it");
        }
        return PromptOptions.requireInVocabulary(
                ids, model, "--patch-from has token %d, but the model's vocabulary ends at %d");
    }

    /// Runs the other text, and takes the rows.
    ///
    /// @throws CliException when one is not there
    static List<Patch> rows(LoadedModel loaded, Optional<Patched> patched) {
        if (patched.isEmpty()) {
            return List.of();
        }
        try {
            return loaded.files()
                    .reading(() ->
                            PatchSource.take(
                                    loaded.model(), patched.get().ids(), patched.get().sources()));
        } catch (IllegalArgumentException e) {
            throw new CliException("--patch: " + e.getMessage(), e);
        }
    }
}
