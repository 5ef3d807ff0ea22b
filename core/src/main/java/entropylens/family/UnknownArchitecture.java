package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.Remedy;
import entropylens.model.DecoderConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is said about an architecture that no family names: which one comes closest, so that a
/// model that was fine-tuned under another name finds its way, and what is supported.
final class UnknownArchitecture {
    /// Keys that are shown.
    private static final int MAX_SHOWN = 6;

    /// What a family must read as the file has it.
    private static final List<String> SIZES = List.of("n_layers", "d_model", "n_heads", "d_vocab");

    private static final String SEVERAL_STREAMS =
            "it has several residual streams, and what a layer reads out of them is not defined";

    /// Why some are not read, though others of their makers are.
    private static final Map<String, String> REASONS =
            Map.of(
                    "NemotronHForCausalLM",
                    "some of its blocks are an MLP or experts alone, and here every block has a mixer",
                    "Gemma3nForCausalLM",
                    SEVERAL_STREAMS,
                    "Gemma3nForConditionalGeneration",
                    SEVERAL_STREAMS,
                    "DeepseekV4ForCausalLM",
                    SEVERAL_STREAMS);

    /// A family that can read a configuration, up to some keys.
    private record Candidate(Family family, SortedMap<String, String> unread) {}

    private UnknownArchitecture() {}

    static CheckpointException refusal(ConfigJson json, List<Family> families) {
        List<String> architectures = json.strings("architectures");
        Optional<Candidate> closest = closest(json, families);
        return new CheckpointException(
                "%s: %s; %s; supported are %s"
                        .formatted(
                                json.file(),
                                architectures.isEmpty()
                                        ? "names no architecture under \"architectures\""
                                        : "the architecture %s is not supported%s"
                                                .formatted(
                                                        String.join(", ", architectures),
                                                        reason(architectures)),
                                closest.map(UnknownArchitecture::hint)
                                        .orElse("no family can read this configuration"),
                                Families.supported()),
                closest.<Remedy>map(
                                one -> new Remedy.ReadAs(one.family.name(), !one.unread.isEmpty()))
                        .orElse(Remedy.NONE));
    }

    private static String reason(List<String> architectures) {
        return architectures.stream()
                .filter(REASONS::containsKey)
                .map(name -> ": " + REASONS.get(name))
                .findFirst()
                .orElse("");
    }

    /// The family with the fewest unread keys; of several the one whose `model_type` it says it is.
    private static Optional<Candidate> closest(ConfigJson json, List<Family> families) {
        String modelType = json.stringOr("model_type", "");
        return families.stream()
                .flatMap(family -> candidate(json, family))
                .min(
                        Comparator.<Candidate>comparingInt(one -> one.unread.size())
                                .thenComparing(one -> !one.family.name().equals(modelType)));
    }

    private static Stream<Candidate> candidate(ConfigJson json, Family family) {
        try {
            // each remembers what it read by itself
            ConfigJson fresh = ConfigJson.read(json.file());
            DecoderConfig config = Families.blueprint(family, fresh).config();
            // one that lives on defaults, since the sizes have other names, is not close
            return sizesAreRead(Survey.sizes(config), Survey.sizes(json))
                    ? Stream.of(new Candidate(family, fresh.unread()))
                    : Stream.empty();
        } catch (CheckpointException e) {
            return Stream.empty();
        }
    }

    private static boolean sizesAreRead(Map<String, Integer> read, Map<String, Integer> named) {
        return SIZES.stream()
                .allMatch(size ->
                        !named.containsKey(size)
                                || Objects.equals(read.get(size), named.get(size)));
    }

    private static String hint(Candidate closest) {
        String name = closest.family.name();
        return "closest is %s, which %s"
                .formatted(
                        name,
                        closest.unread.isEmpty()
                                ? "understands every key of it"
                                : "does not understand " + shown(closest.unread));
    }

    private static String shown(SortedMap<String, String> unread) {
        SortedMap<String, String> first = new TreeMap<>();
        unread.entrySet().stream()
                .limit(MAX_SHOWN)
                .forEach(key -> first.put(key.getKey(), key.getValue()));
        int more = unread.size() - first.size();
        return ConfigJson.shown(first) + (more == 0 ? "" : " and %d more keys".formatted(more));
    }
}
