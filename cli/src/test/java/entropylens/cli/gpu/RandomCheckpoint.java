package entropylens.cli.gpu;

import entropylens.cuda.CudaBackend;
import entropylens.cuda.KernelSources;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Grid;
import entropylens.cuda.driver.Kernel;
import entropylens.cuda.driver.Operand;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.kernels.WeightType;
import entropylens.model.Model;
import entropylens.model.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A checkpoint of a Llama's shape, for timings where no file of that size is: config.json, the
/// tokenizer of another model, and bfloat16 weights that are a hole in a file, all 0 but those of
/// the norms. [#draw] makes them random on the device, once they are there.
record RandomCheckpoint(
        int layers, int dModel, int heads, int kvHeads, int dMlp, int dVocab, int context) {
    /// Llama 3 8B.
    static final RandomCheckpoint OF_8B =
            new RandomCheckpoint(32, 4096, 32, 8, 14_336, 128_256, 8192);

    /// For trying out; the vocabulary has that of the zoo's tokenizer.
    static final RandomCheckpoint TINY = new RandomCheckpoint(2, 64, 4, 2, 96, 1280, 1024);

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final short ONE = 0x3F80;
    private static final int BYTES = Short.BYTES;

    /// Writes it.
    ///
    /// @param tokenizer a model's directory; its tokenizer may know fewer tokens than the model
    void write(Path directory, Path tokenizer) throws IOException {
        Files.createDirectories(directory);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    tokenizer.resolve(file),
                    directory.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(directory.resolve("config.json"), MAPPER.writeValueAsString(config()));
        writeWeights(directory.resolve("model.safetensors"));
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("dtype", "bfloat16");
        config.put("bos_token_id", 0);
        config.put("eos_token_id", 1);
        config.put("hidden_act", "silu");
        config.put("hidden_size", dModel);
        config.put("intermediate_size", dMlp);
        config.put("max_position_embeddings", context);
        config.put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers);
        config.put("num_key_value_heads", kvHeads);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 500_000.0);
        config.put("tie_word_embeddings", false);
        config.put("vocab_size", dVocab);
        return config;
    }

    private Map<String, int[]> tensors() {
        int keys = dModel / heads * kvHeads;
        Map<String, int[]> tensors = new LinkedHashMap<>();
        tensors.put("model.embed_tokens.weight", new int[] {dVocab, dModel});
        for (int layer = 0; layer < layers; layer++) {
            String block = "model.layers.%d.".formatted(layer);
            tensors.put(block + "input_layernorm.weight", new int[] {dModel});
            tensors.put(block + "self_attn.q_proj.weight", new int[] {dModel, dModel});
            tensors.put(block + "self_attn.k_proj.weight", new int[] {keys, dModel});
            tensors.put(block + "self_attn.v_proj.weight", new int[] {keys, dModel});
            tensors.put(block + "self_attn.o_proj.weight", new int[] {dModel, dModel});
            tensors.put(block + "post_attention_layernorm.weight", new int[] {dModel});
            tensors.put(block + "mlp.gate_proj.weight", new int[] {dMlp, dModel});
            tensors.put(block + "mlp.up_proj.weight", new int[] {dMlp, dModel});
            tensors.put(block + "mlp.down_proj.weight", new int[] {dModel, dMlp});
        }
        tensors.put("model.norm.weight", new int[] {dModel});
        tensors.put("lm_head.weight", new int[] {dVocab, dModel});
        return tensors;
    }

    private void writeWeights(Path file) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        List<Long> norms = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, int[]> tensor : tensors().entrySet()) {
            int[] shape = tensor.getValue();
            long end = at + BYTES * (long) shape[0] * (shape.length == 1 ? 1 : shape[1]);
            header.put(
                    tensor.getKey(),
                    Map.of("dtype", "BF16", "shape", shape, "data_offsets", List.of(at, end)));
            if (shape.length == 1) {
                norms.add(at);
            }
            at = end;
        }
        byte[] json = MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        long data = Long.BYTES + json.length;
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer length = little(Long.BYTES).putLong(json.length).flip();
            write(out, length, 0);
            write(out, ByteBuffer.wrap(json), Long.BYTES);
            ByteBuffer ones = little(dModel * BYTES);
            for (int i = 0; i < dModel; i++) {
                ones.putShort(ONE);
            }
            for (long norm : norms) {
                write(out, ones.rewind(), data + norm);
            }
            write(out, ByteBuffer.allocate(1), data + at - 1); // and a hole before it
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void write(FileChannel out, ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) {
            next += out.write(bytes, next);
        }
    }

    /// Draws all matrices of such a model where they lie on the device: `N(0, 1 / inputs)`, so that
    /// products stay of the size of their inputs.
    static void draw(Model model) {
        CudaBackend backend = (CudaBackend) model.backend();
        Gpu gpu = backend.gpu();
        Kernel fill = gpu.compile("fill.cu", KernelSources.of("fill")).function("fill_normal");
        int seed = 0;
        for (Matrix matrix : matrices(model.weights())) {
            Operand there = backend.weights().operand(matrix);
            long n = (long) there.outputs() * there.inputs();
            fill.launch(
                    gpu.stream(),
                    Grid.of((int) Math.clamp(n / 1024, 1, 1 << 18)),
                    256,
                    0,
                    there.address(),
                    WeightType.BF16.ordinal(),
                    n,
                    (float) (1 / Math.sqrt(there.inputs())),
                    (long) seed++);
        }
        gpu.synchronize();
    }

    private static List<Matrix> matrices(Weights weights) {
        List<Matrix> all = new ArrayList<>();
        all.add(weights.embedding().tokens());
        for (Weights.Block block : weights.blocks()) {
            Weights.Attention attention = (Weights.Attention) block.mixer();
            Weights.Separate inputs = (Weights.Separate) attention.projections();
            all.add(matrix(inputs.query()));
            all.add(matrix(inputs.key()));
            all.add(matrix(inputs.value()));
            all.add(matrix(attention.output()));
            Weights.Mlp mlp = (Weights.Mlp) block.mlp();
            all.add(matrix(mlp.gate()));
            all.add(matrix(mlp.up()));
            all.add(matrix(mlp.down()));
        }
        all.add(weights.readout().unembed());
        return all;
    }

    private static Matrix matrix(Projection projection) {
        return ((Linear) projection).matrix();
    }
}
