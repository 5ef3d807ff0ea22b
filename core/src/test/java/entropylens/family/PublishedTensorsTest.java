package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.family.WeightsOnDisk.Piece;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What the weights of published models hold beside what transformers 5.18 writes: buffers of older
/// versions, blocks for multi-token prediction, experts in one tensor. A golden whose weights are
/// put into such a form is the same model, bit for bit.
class PublishedTensorsTest {
    private static final JsonMapper JSON = new JsonMapper();

    /// Names of published files that transformers renames when it loads them, or that a family has
    /// alone. Goldens hold them too, so that their parity speaks of published files.
    private static final Map<String, List<String>> NAMES =
            Map.ofEntries(
                    Map.entry(
                            "deepseek-v2-lite",
                            List.of(
                                    "0.mlp.experts.0.gate_proj.weight",
                                    "0.mlp.shared_experts.up_proj.weight",
                                    "0.self_attn.q_proj.weight",
                                    "0.self_attn.kv_a_proj_with_mqa.weight")),
                    Map.entry(
                            "deepseek-v3-yarn",
                            List.of(
                                    "1.mlp.gate.e_score_correction_bias",
                                    "1.mlp.experts.0.down_proj.weight",
                                    "0.self_attn.q_a_proj.weight",
                                    "3.eh_proj.weight")),
                    Map.entry("deepseek-v3-fp8", List.of("0.self_attn.o_proj.weight_scale_inv")),
                    Map.entry(
                            "glm4-moe-further",
                            List.of(
                                    "2.mlp.gate.e_score_correction_bias",
                                    "2.mlp.experts.0.gate_proj.weight",
                                    "3.enorm.weight")),
                    Map.entry(
                            "glm4-moe-lite-groups",
                            List.of(
                                    "0.mlp.gate.e_score_correction_bias",
                                    "0.mlp.experts.0.up_proj.weight")),
                    Map.entry(
                            "dots1-tied",
                            List.of(
                                    "0.mlp.gate.e_score_correction_bias",
                                    "0.mlp.experts.0.up_proj.weight")),
                    Map.entry(
                            "ernie45-moe-biased",
                            List.of(
                                    "1.mlp.moe_statics.e_score_correction_bias",
                                    "1.mlp.experts.0.up_proj.weight",
                                    "1.mlp.shared_experts.up_proj.weight")),
                    Map.entry(
                            "minimax-m2-tied",
                            List.of(
                                    "0.block_sparse_moe.e_score_correction_bias",
                                    "0.block_sparse_moe.experts.0.w1.weight")),
                    Map.entry("mixtral-tied", List.of("0.block_sparse_moe.experts.0.w3.weight")),
                    Map.entry(
                            "phimoe-plain",
                            List.of(
                                    "0.block_sparse_moe.gate.weight",
                                    "0.block_sparse_moe.experts.0.w2.weight")),
                    Map.entry(
                            "granite-moe-tied",
                            List.of(
                                    "0.block_sparse_moe.input_linear.weight",
                                    "0.block_sparse_moe.output_linear.weight",
                                    "0.block_sparse_moe.router.layer.weight")),
                    Map.entry("olmoe-shares", List.of("0.mlp.experts.0.gate_proj.weight")),
                    Map.entry("flex-olmo-tied", List.of("0.mlp.experts.0.gate_proj.weight")),
                    Map.entry(
                            "qwen2-moe-tied",
                            List.of(
                                    "1.mlp.experts.0.gate_proj.weight",
                                    "1.mlp.shared_expert_gate.weight")),
                    Map.entry(
                            "qwen3-moe-renormalised", List.of("0.mlp.experts.0.gate_proj.weight")),
                    Map.entry(
                            "qwen3-next-tied",
                            List.of(
                                    "0.linear_attn.in_proj_qkvz.weight",
                                    "0.linear_attn.in_proj_ba.weight",
                                    "0.linear_attn.A_log",
                                    "1.mlp.experts.0.gate_proj.weight")),
                    Map.entry(
                            "gpt-oss-floats",
                            List.of("0.mlp.experts.gate_up_proj_bias", "0.self_attn.sinks")),
                    Map.entry(
                            "gpt-oss-mxfp4",
                            List.of(
                                    "0.mlp.experts.gate_up_proj_blocks",
                                    "0.mlp.experts.gate_up_proj_scales")),
                    Map.entry(
                            "gemma4-experts",
                            List.of(
                                    "0.experts.gate_up_proj",
                                    "0.router.per_expert_scale",
                                    "0.layer_scalar")),
                    Map.entry("glm-tied", List.of("0.mlp.gate_up_proj.weight")),
                    Map.entry(
                            "glm4-untied",
                            List.of(
                                    "0.mlp.gate_up_proj.weight",
                                    "0.post_self_attn_layernorm.weight")),
                    Map.entry("starcoder2-windows", List.of("0.mlp.c_fc.bias")));

    /// These have Llama's names alone, and nothing beside them.
    private static final Set<String> AS_LLAMA =
            Set.of(
                    "arcee-gqa",
                    "cohere-tied",
                    "cohere2-types",
                    "ernie45-tied",
                    "exaone4-types",
                    "helium-gqa",
                    "nemotron-gqa",
                    "olmo-tied",
                    "olmo3-yarn",
                    "seed-oss-gqa",
                    "smollm3-windows");

    private static final Pattern EXPERT =
            Pattern.compile(
                    "(.*layers\\.\\d+\\.)(?:mlp|block_sparse_moe)\\.experts\\.(\\d+)\\.(gate_proj|up_proj|down_proj|w1|w2|w3)\\.weight");

    @TempDir Path folder;

    private static LoadedModel load(Path directory) {
        CpuBackend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return LoadedModel.load(directory, Arena.ofAuto(), backend);
    }

    private static double[] profile(LoadedModel loaded) {
        return new Profiler(loaded.model())
                .profile(
                        new int[] {1, 2, 3, 4},
                        new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY))
                .meanByLayer();
    }

    private static WeightsOnDisk weights(String name) {
        return WeightsOnDisk.read(Goldens.directory(name).resolve("model.safetensors"));
    }

    private LoadedModel written(String name, WeightsOnDisk weights) {
        return load(weights.write(Goldens.directory(name), folder.resolve(name)));
    }

    private static Piece piece(String dtype, int bytes, int... shape) {
        return new Piece(dtype, JSON.valueToTree(shape), new byte[bytes]);
    }

    static Stream<String> named() {
        return NAMES.keySet().stream().sorted();
    }

    static Stream<String> asLlama() {
        return AS_LLAMA.stream().sorted();
    }

    static Stream<String> stackable() {
        return named().filter(name ->
                name.startsWith("granite-moe")
                        || weights(name).pieces.keySet().stream()
                                        .anyMatch(tensor -> EXPERT.matcher(tensor).matches())
                                && !name.endsWith("fp8"));
    }

    @ParameterizedTest
    @MethodSource("named")
    void goldensHaveTheNamesOfPublishedFiles(String name) {
        Set<String> names = weights(name).pieces.keySet();
        assertThat(NAMES.getOrDefault(name, List.of()))
                .allSatisfy(tail -> assertThat(names).anyMatch(n -> n.endsWith("layers." + tail)));
    }

    @ParameterizedTest
    @MethodSource("asLlama")
    void otherGoldensHaveTheNamesOfLlama(String name) {
        assertThat(weights(name).pieces.keySet())
                .allMatch(tensor ->
                        tensor.matches(
                                "lm_head\\.weight|model\\.(norm|embed_tokens)\\.(weight|bias)|model\\.layers\\.\\d+\\.(self_attn\\.([qkvo]_proj|[qk]_norm)|mlp\\.(gate|up|down)_proj|\\w+_layernorm)\\.(weight|bias)"));
    }

    /// Buffers of older versions; Kimi K2 has them, though it is a model of 2025.
    @ParameterizedTest
    @MethodSource({"named", "asLlama"})
    void frequenciesOfTheTurnsMayBeStored(String name) {
        WeightsOnDisk weights = weights(name);
        weights.pieces.put(
                "model.layers.0.self_attn.rotary_emb.inv_freq", piece("BF16", 2 * 56, 56));
        assertThat(profile(written(name, weights)))
                .isEqualTo(profile(load(Goldens.directory(name))));
    }

    /// ERNIE and Qwen3-Next have them beside the stack, GLM and DeepSeek as blocks behind the last.
    @Test
    void whatPredictsFurtherTokensMayBeStored() {
        for (String name : List.of("ernie45-moe-tied", "qwen3-next-tied")) {
            WeightsOnDisk weights = weights(name);
            List<String> further =
                    name.startsWith("ernie")
                            ? List.of(
                                    "model.mtp_block.0.mlp.up_proj.weight",
                                    "model.mtp_emb_norm.0.weight",
                                    "model.mtp_hidden_norm.0.weight",
                                    "model.mtp_linear_proj.0.weight")
                            : List.of("mtp.fc.weight", "mtp.layers.0.input_layernorm.weight");
            further.forEach(tensor -> weights.pieces.put(tensor, piece("BF16", 4, 2)));
            assertThat(profile(written(name, weights)))
                    .isEqualTo(profile(load(Goldens.directory(name))));
        }
    }

    /// In float32 beside weights of 16 bits, or of 16 bits beside float32.
    @Test
    void theCorrectionOfARouterMayHaveAnotherType() {
        for (String name : List.of("minimax-m2-tied", "deepseek-v3-yarn", "dots1-tied")) {
            WeightsOnDisk coarse = weights(name);
            WeightsOnDisk fine = weights(name);
            coarse.pieces.replaceAll((tensor, piece) -> correction(tensor) ? bf16(piece) : piece);
            fine.pieces.replaceAll(
                    (tensor, piece) -> correction(tensor) ? f32(bf16(piece)) : piece);
            Path there = folder.resolve("coarse");
            double[] profile =
                    profile(load(coarse.write(Goldens.directory(name), there.resolve(name))));
            assertThat(profile(written(name, fine))).isEqualTo(profile);
        }
    }

    private static boolean correction(String tensor) {
        return tensor.endsWith("e_score_correction_bias");
    }

    /// The upper halves of float32.
    private static Piece bf16(Piece piece) {
        if (piece.dtype().equals("BF16")) {
            return piece;
        }
        byte[] upper = new byte[piece.bytes().length / 2];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = piece.bytes()[i / 2 * 4 + 2 + i % 2];
        }
        return new Piece("BF16", piece.shape(), upper);
    }

    private static Piece f32(Piece bf16) {
        byte[] all = new byte[bf16.bytes().length * 2];
        for (int i = 0; i < bf16.bytes().length; i++) {
            all[i / 2 * 4 + 2 + i % 2] = bf16.bytes()[i];
        }
        return new Piece("F32", bf16.shape(), all);
    }

    @Test
    void floatsOf8BitsMayHaveTheNameThatPyTorchGivesThem() throws Exception {
        String name = "deepseek-v3-fp8";
        Path there = weights(name).write(Goldens.directory(name), folder.resolve(name));
        Path config = there.resolve("config.json");
        String written = Files.readString(config);
        assertThat(written).contains("\"fmt\": \"e4m3\"");
        Files.writeString(config, written.replace("\"e4m3\"", "\"float8_e4m3fn\""));
        assertThat(profile(load(there))).isEqualTo(profile(load(Goldens.directory(name))));
        Files.writeString(config, written.replace("\"e4m3\"", "\"e5m2\""));
        assertThatThrownBy(() -> load(there))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("fmt is \"e5m2\"");
    }

    /// As transformers has them in memory since its version 5, and writes them where it is told not
    /// to write the published form.
    @ParameterizedTest
    @MethodSource("stackable")
    void expertsMayBeOneTensor(String name) {
        LoadedModel golden = load(Goldens.directory(name));
        LoadedModel stacked = written(name, stacked(name));
        assertThat(profile(stacked)).isEqualTo(profile(golden));
        assertThat(stacked.parameters()).isEqualTo(golden.parameters());
    }

    private static WeightsOnDisk stacked(String name) {
        WeightsOnDisk stacked = new WeightsOnDisk();
        Map<String, TreeMap<Integer, Map<String, Piece>>> blocks = new TreeMap<>();
        weights(name)
                .pieces
                .forEach((tensor, piece) -> {
                    Matcher expert = EXPERT.matcher(tensor);
                    if (expert.matches()) {
                        blocks.computeIfAbsent(expert.group(1), block -> new TreeMap<>())
                                .computeIfAbsent(
                                        Integer.valueOf(expert.group(2)), one -> new TreeMap<>())
                                .put(expert.group(3), piece);
                    } else {
                        stacked.pieces.put(inMemory(name).apply(tensor), piece);
                    }
                });
        blocks.forEach((block, experts) -> {
            boolean mixtral = experts.firstEntry().getValue().containsKey("w1");
            stacked.pieces.put(
                    block + "mlp.experts.gate_up_proj",
                    together(
                            experts,
                            mixtral ? List.of("w1", "w3") : List.of("gate_proj", "up_proj")));
            stacked.pieces.put(
                    block + "mlp.experts.down_proj",
                    together(experts, List.of(mixtral ? "w2" : "down_proj")));
        });
        return stacked;
    }

    /// How transformers calls a tensor in memory (its conversion_mapping.py).
    private static UnaryOperator<String> inMemory(String name) {
        return tensor ->
                name.startsWith("granite")
                        ? tensor.replace("input_linear.weight", "experts.gate_up_proj")
                                .replace("output_linear.weight", "experts.down_proj")
                                .replace("router.layer", "router")
                        : tensor.replace(".block_sparse_moe.", ".mlp.")
                                .replace(
                                        ".gate.weight",
                                        name.startsWith("phimoe")
                                                ? ".router.weight"
                                                : ".gate.weight")
                                .replace("mlp.moe_statics", "mlp.gate.moe_statics");
    }

    private static Piece together(
            TreeMap<Integer, Map<String, Piece>> experts, List<String> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        experts.values()
                .forEach(expert ->
                        parts.forEach(part -> bytes.writeBytes(expert.get(part).bytes())));
        Piece one = experts.firstEntry().getValue().get(parts.getFirst());
        int outputs = parts.size() * one.shape().get(0).asInt();
        int[] shape = IntStream.of(experts.size(), outputs, one.shape().get(1).asInt()).toArray();
        return new Piece(one.dtype(), JSON.valueToTree(shape), bytes.toByteArray());
    }
}
