package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DerivedTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The architectures that are read, under the names that llama.cpp gives them: which class of
/// transformers each is, how its tensors are named and arranged, and what its metadata mean.
enum Architecture {
    /// Also Mistral, whose window llama.cpp does not keep, Mixtral, and InternLM 3.
    LLAMA("LlamaForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, LlamaConfigs::llama),
    LLAMA4("Llama4ForCausalLM", ExpertNames.LLAMA4, Arrangement.NONE, GrowingConfigs::llama4),
    /// Ministral 3, and Mistral Small 3.1 and 3.2.
    MISTRAL3(
            "Ministral3ForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, GrowingConfigs::mistral3),
    QWEN2("Qwen2ForCausalLM", GgufNames.LLAMA, Arrangement.NONE, LlamaConfigs::qwen),
    QWEN3("Qwen3ForCausalLM", GgufNames.LLAMA, Arrangement.NONE, LlamaConfigs::qwen),
    SMOLLM3("SmolLM3ForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, LlamaConfigs::smollm3),
    ARCEE("ArceeForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, LlamaConfigs::arcee),
    APERTUS("ApertusForCausalLM", GgufNames.APERTUS, Arrangement.NONE, LlamaConfigs::apertus),
    SEED_OSS("SeedOssForCausalLM", GgufNames.SEED_OSS, Arrangement.NONE, LlamaConfigs::seedOss),
    EXAONE4("Exaone4ForCausalLM", GgufNames.OLMO2, Arrangement.NONE, LlamaConfigs::exaone4),
    INTERNLM2(
            "InternLM2ForCausalLM",
            GgufNames.INTERNLM2,
            Arrangement.PAIRED,
            LlamaConfigs::internLm2),
    GEMMA("GemmaForCausalLM", GgufNames.LLAMA, Arrangement.ONE_MORE, LlamaConfigs::gemma),
    GEMMA2("Gemma2ForCausalLM", GgufNames.GEMMA2, Arrangement.ONE_MORE, LlamaConfigs::gemma2),
    GEMMA3("Gemma3ForCausalLM", GgufNames.GEMMA2, Arrangement.ONE_MORE, LlamaConfigs::gemma3),
    COMMAND_R(
            "command-r",
            "CohereForCausalLM",
            GgufNames.LLAMA,
            Arrangement.NONE,
            OtherConfigs::cohere),
    COHERE2("Cohere2ForCausalLM", GgufNames.LLAMA, Arrangement.NONE, OtherConfigs::cohere2),
    STARCODER2(
            "Starcoder2ForCausalLM",
            GgufNames.STARCODER2,
            Arrangement.NONE,
            OtherConfigs::starcoder2),
    NEMOTRON("NemotronForCausalLM", GgufNames.LLAMA, Arrangement.ONE_MORE, OtherConfigs::nemotron),
    JAIS2("Jais2ForCausalLM", GgufNames.LLAMA, Arrangement.NONE, OtherConfigs::jais2),
    ERNIE4_5("Ernie4_5ForCausalLM", GgufNames.LLAMA, Arrangement.NONE, LlamaConfigs::ernie),
    ERNIE4_5_MOE(
            "ernie4_5-moe",
            "Ernie4_5_MoeForCausalLM",
            ExpertNames.ERNIE,
            Arrangement.NONE,
            ScoredConfigs::ernie),
    GEMMA4("Gemma4ForCausalLM", ExpertNames.GEMMA4, Arrangement.NONE, Gemma4Configs::gemma4),
    HUNYUAN_DENSE(
            "hunyuan-dense",
            "HunYuanDenseV1ForCausalLM",
            GgufNames.HUNYUAN,
            Arrangement.NONE,
            HunYuanConfigs::dense),
    HUNYUAN_MOE(
            "hunyuan-moe",
            "HunYuanMoEV1ForCausalLM",
            ExpertNames.HUNYUAN,
            Arrangement.NONE,
            HunYuanConfigs::experts),
    PHI2("PhiForCausalLM", GgufNames.PHI2, Arrangement.FUSED, OtherConfigs::phi2),
    PHI3("Phi3ForCausalLM", GgufNames.PHI3, Arrangement.NONE, LlamaConfigs::phi3),
    OLMO("OlmoForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, LlamaConfigs::olmo),
    /// OLMo 2, and OLMo 3, which is one with windows.
    OLMO2("Olmo2ForCausalLM", GgufNames.OLMO2, Arrangement.NONE, LlamaConfigs::olmo2),
    OLMOE("OlmoeForCausalLM", ExpertNames.QWEN, Arrangement.NONE, ExpertConfigs::olmoe),
    QWEN2MOE("Qwen2MoeForCausalLM", ExpertNames.QWEN, Arrangement.NONE, ExpertConfigs::qwen2),
    QWEN3MOE("Qwen3MoeForCausalLM", ExpertNames.QWEN, Arrangement.NONE, ExpertConfigs::qwen3),
    MELLUM("MellumForCausalLM", ExpertNames.QWEN, Arrangement.NONE, ExpertConfigs::mellum),
    GPT_OSS(
            "gpt-oss",
            "GptOssForCausalLM",
            ExpertNames.GPT_OSS,
            Arrangement.NONE,
            ExpertConfigs::gptOss),
    QWEN3NEXT(
            "Qwen3NextForCausalLM",
            ExpertNames.QWEN3NEXT,
            Arrangement.ONE_MORE_BUT_DELTA,
            DeltaNetConfigs::qwen3next),
    /// Qwen 3.5, 3.6 and 3.8.
    QWEN35(
            "Qwen3_5ForCausalLM",
            ExpertNames.QWEN35,
            Arrangement.ONE_MORE_BUT_DELTA,
            DeltaNetConfigs::qwen35),
    QWEN35MOE(
            "Qwen3_5MoeForCausalLM",
            ExpertNames.QWEN35,
            Arrangement.ONE_MORE_BUT_DELTA,
            DeltaNetConfigs::qwen35Moe),
    /// DeepSeek-V2 and V3, and what is built like them: Kimi K2, GLM-4.7-Flash.
    DEEPSEEK2(
            "DeepseekV3ForCausalLM",
            ExpertNames.DEEPSEEK2,
            Arrangement.NONE,
            LatentConfigs::deepseek2),
    /// GLM-4 of 2024; of its projections of queries, keys and values some files have one, some
    /// three.
    CHATGLM("GlmForCausalLM", GgufNames.PHI3, Arrangement.FUSED, LlamaConfigs::glm),
    GLM4("Glm4ForCausalLM", GgufNames.GLM4, Arrangement.NONE, LlamaConfigs::glm),
    /// GLM-4.5 to 4.7, and Solar Open.
    GLM4MOE("Glm4MoeForCausalLM", ExpertNames.GLM4MOE, Arrangement.NONE, ScoredConfigs::glm4),
    DOTS1("Dots1ForCausalLM", ExpertNames.SCORED, Arrangement.NONE, ScoredConfigs::dots),
    MINIMAX_M2(
            "minimax-m2",
            "MiniMaxM2ForCausalLM",
            ExpertNames.MINIMAX,
            Arrangement.NONE,
            ScoredConfigs::minimax),
    GRANITEMOE(
            "GraniteMoeForCausalLM",
            ExpertNames.GRANITE,
            Arrangement.PAIRED,
            ExpertConfigs::granite),
    PHIMOE("PhimoeForCausalLM", ExpertNames.MIXTRAL, Arrangement.NONE, ExpertConfigs::phi),
    GRANITE("GraniteForCausalLM", GgufNames.LLAMA, Arrangement.PAIRED, LlamaConfigs::granite),
    STABLELM(
            "StableLmForCausalLM",
            GgufNames.STABLELM,
            Arrangement.STACKED_NORMS,
            OtherConfigs::stablelm),
    GPT2("GPT2LMHeadModel", GgufNames.GPT2, Arrangement.TRANSPOSED, OtherConfigs::gpt2),
    /// StarCoder 1 and what else is GPT-BigCode.
    STARCODER("GPTBigCodeForCausalLM", GgufNames.GPT2, Arrangement.NONE, OtherConfigs::starcoder),
    GPTNEOX("GPTNeoXForCausalLM", GgufNames.GPT_NEOX, Arrangement.APART, OtherConfigs::gptNeoX),
    BLOOM("BloomForCausalLM", GgufNames.BLOOM, Arrangement.APART, OtherConfigs::bloom),
    MPT("MPTForCausalLM", GgufNames.MPT, Arrangement.NONE, OtherConfigs::mpt),
    FALCON("FalconForCausalLM", GgufNames.BLOOM, Arrangement.APART, OtherConfigs::falcon),
    LFM2("Lfm2ForCausalLM", StateNames.LFM2, Arrangement.NONE, ConvolutionConfigs::lfm2),
    LFM2MOE("Lfm2MoeForCausalLM", StateNames.LFM2, Arrangement.NONE, ConvolutionConfigs::lfm2Moe),
    /// Also Falcon-Mamba, which is one with norms.
    MAMBA("MambaForCausalLM", StateNames.MAMBA, Arrangement.NONE, ScanConfigs::mamba),
    MAMBA2("Mamba2ForCausalLM", StateNames.MAMBA2, Arrangement.NONE, ScanConfigs::mamba2),
    FALCON_H1(
            "falcon-h1",
            "FalconH1ForCausalLM",
            StateNames.FALCON_H1,
            Arrangement.NONE,
            ScanConfigs::falconH1),
    /// Granite 4 with state spaces; also Bamba, which turns heads.
    GRANITEHYBRID(
            "GraniteMoeHybridForCausalLM",
            StateNames.GRANITE,
            Arrangement.PAIRED,
            HybridConfigs::granite),
    JAMBA("JambaForCausalLM", StateNames.JAMBA, Arrangement.NONE, HybridConfigs::jamba);

    private final String key;
    private final String huggingFace;
    private final GgufNames names;
    private final Arrangement arrangement;
    private final Function<ConfigSource, String> config;

    /// @param config writes the configuration; returns the class of transformers, where it is not
    ///   always the same
    Architecture(
            String huggingFace,
            GgufNames names,
            Arrangement arrangement,
            Function<ConfigSource, String> config) {
        this("", huggingFace, names, arrangement, config);
    }

    /// @param key what llama.cpp calls it, where that is no name here
    Architecture(
            String key,
            String huggingFace,
            GgufNames names,
            Arrangement arrangement,
            Function<ConfigSource, String> config) {
        this.key = key.isEmpty() ? name().toLowerCase(Locale.ROOT) : key;
        this.huggingFace = huggingFace;
        this.names = names;
        this.arrangement = arrangement;
        this.config = config;
    }

    /// What its configuration is made from.
    record ConfigSource(ConfigWriter writer, Heads heads, String huggingFace) {}

    /// The architecture that the metadata name.
    ///
    /// @throws CheckpointException when it is not read
    static Architecture of(GgufMetadata metadata) {
        String name = metadata.requireText("general.architecture");
        return Arrays.stream(values())
                .filter(architecture -> architecture.key().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new CheckpointException(
                                "%s: is of llama.cpp's architecture '%s', which is not supported; supported in GGUF are %s"
                                        .formatted(metadata.file(), name, supported())));
    }

    /// What its metadata keys begin with.
    String key() {
        return key;
    }

    /// The names of all of them.
    static String supported() {
        return Arrays.stream(values()).map(Architecture::key).collect(Collectors.joining(", "));
    }

    /// How tensors are named; in Falcon it depends on how many norms there are, in Llama on whether
    /// there are experts, in Granite 4 on whether it is Bamba.
    GgufNames names(ConfigWriter config) {
        if (this == FALCON && config.has("blk.0.attn_norm_2.weight")) {
            return GgufNames.FALCON_TWO_NORMS;
        }
        if (this == GRANITEHYBRID && HybridConfigs.isBamba(config)) {
            return StateNames.BAMBA;
        }
        return this == LLAMA && config.integer("expert_count").orElse(0) > 0
                ? ExpertNames.MIXTRAL
                : names;
    }

    /// Whether the number of heads of keys may be another in each block; tensors say it then.
    boolean hasHeadsOfEachBlock() {
        return this == GEMMA4;
    }

    /// Whether any block has attention.
    boolean attends() {
        return this != MAMBA && this != MAMBA2;
    }

    /// Whether the number of heads of keys may be listed block by block, 0 where one does not
    /// attend.
    boolean listsHeads() {
        return switch (this) {
            case LFM2, LFM2MOE, GRANITE, GRANITEHYBRID, JAMBA -> true;
            default -> false;
        };
    }

    Arrangement arrangement() {
        return arrangement;
    }

    /// The tensors that are one in Hugging Face.
    Joint joint(ConfigWriter config) {
        return switch (this) {
            case DEEPSEEK2 -> Joint.LATENT;
            case QWEN3NEXT -> Joint.deltaNet(config);
            default -> Joint.NONE;
        };
    }

    /// Tensors of Hugging Face that are metadata here.
    List<DerivedTensor> fromMetadata(ConfigWriter config) {
        return this == APERTUS ? LearnedSlopes.tensors(config) : List.of();
    }

    /// The heads of values that are in another order.
    ValueHeads valueHeads(ConfigWriter config) {
        return this == QWEN35 || this == QWEN35MOE ? ValueHeads.of(config) : ValueHeads.NONE;
    }

    /// Writes the configuration.
    void write(ConfigWriter writer, Heads heads) {
        String itsClass = config.apply(new ConfigSource(writer, heads, huggingFace));
        writer.json().putArray("architectures").add(itsClass);
    }
}
