package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The families that can be read.
public final class Families {
    private static final List<Family> ALL =
            List.of(
                    new Gpt2Family(),
                    new GptNeoFamily(),
                    new GptNeoXFamily(),
                    new GptJFamily(),
                    new CodeGenFamily(),
                    new GptBigCodeFamily(),
                    new OptFamily(),
                    new BloomFamily(),
                    new MptFamily(),
                    new FalconFamily(),
                    new PersimmonFamily(),
                    new PhiFamily(),
                    new LlamaFamily(),
                    new Llama4Family(),
                    new MistralFamily(),
                    new MinistralFamily(),
                    new Ministral3Family(),
                    new CwmFamily(),
                    new Qwen2Family(),
                    new Qwen3Family(),
                    new GemmaFamily(),
                    new Gemma2Family(),
                    new VaultGemmaFamily(),
                    new Gemma3Family(),
                    new Gemma4Family(),
                    new Phi3Family(),
                    new OlmoFamily(),
                    new Olmo2Family(),
                    new Olmo3Family(),
                    new StableLmFamily(),
                    new GraniteFamily(),
                    new HyperClovaXFamily(),
                    new SmolLm3Family(),
                    new CohereFamily(),
                    new Cohere2Family(),
                    new Starcoder2Family(),
                    new ArceeFamily(),
                    new ApertusFamily(),
                    new SeedOssFamily(),
                    new HeliumFamily(),
                    new NemotronFamily(),
                    new Jais2Family(),
                    new GlmFamily(),
                    new Glm4Family(),
                    new Exaone4Family(),
                    new Ernie45Family(),
                    new HunYuanDenseFamily(),
                    new InternLm2Family(),
                    new InternLm3Family(),
                    new Qwen2MoeFamily(),
                    new Qwen3MoeFamily(),
                    new MellumFamily(),
                    new Qwen3NextFamily(),
                    new Qwen35Family(),
                    new Qwen35MoeFamily(),
                    new MambaFamily(),
                    new FalconMambaFamily(),
                    new Mamba2Family(),
                    new JambaFamily(),
                    new FalconH1Family(),
                    new BambaFamily(),
                    new GraniteHybridFamily(),
                    new Lfm2Family(),
                    new Lfm2MoeFamily(),
                    new OlmoeFamily(),
                    new MixtralFamily(),
                    new GraniteMoeFamily(),
                    new PhiMoeFamily(),
                    new GptOssFamily(),
                    new Glm4MoeFamily(),
                    new SolarOpenFamily(),
                    new DeepseekV2Family(),
                    new DeepseekV3Family(),
                    new Glm4MoeLiteFamily(),
                    new Dots1Family(),
                    new FlexOlmoFamily(),
                    new Ernie45MoeFamily(),
                    new HunYuanMoeFamily(),
                    new MiniMaxM2Family());

    /// What most architecture names end with.
    private static final String CAUSAL = "ForCausalLM";

    private Families() {}

    /// All of them.
    static List<Family> all() {
        return ALL;
    }

    /// The names of the families, as [LoadOptions] takes them.
    public static List<String> names() {
        return ALL.stream().map(Family::name).sorted().toList();
    }

    /// The architecture names that can be read, in few words.
    public static String supported() {
        Map<Boolean, List<String>> names =
                ALL.stream()
                        .flatMap(family -> family.architectures().stream())
                        .sorted(Comparator.comparing(name -> name.replace(CAUSAL, "")))
                        .collect(Collectors.partitioningBy(name -> name.endsWith(CAUSAL)));
        String causal = String.join(", ", names.getOrDefault(true, List.of()));
        String others = String.join(", ", names.getOrDefault(false, List.of()));
        return "%s and, each followed by %s, %s"
                .formatted(others, CAUSAL, causal.replace(CAUSAL, ""));
    }

    /// The family that reads an architecture, if one does.
    public static Optional<String> nameOf(List<String> architectures) {
        return find(architectures).map(Family::name);
    }

    private static Optional<Family> find(List<String> architectures) {
        return ALL.stream()
                .filter(family -> architectures.stream().anyMatch(family.architectures()::contains))
                .findFirst();
    }

    /// The family that is asked for, or else that of the configuration's `architectures`.
    ///
    /// @param as name of a family
    /// @throws CheckpointException when there is none
    static Family of(ConfigJson json, Optional<String> as) {
        return as.isPresent()
                ? named(as.get())
                : find(json.strings("architectures"))
                        .orElseThrow(() -> UnknownArchitecture.refusal(json, ALL));
    }

    private static Family named(String name) {
        return ALL.stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new CheckpointException(
                                "there is no family '%s'; there are %s"
                                        .formatted(name, String.join(", ", names()))));
    }

    /// What a family makes of a configuration.
    ///
    /// @throws CheckpointException when it cannot be
    static Family.Blueprint blueprint(Family family, ConfigJson json) {
        try {
            return family.read(json);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException("%s: %s".formatted(json.file(), e.getMessage()), e);
        }
    }
}
