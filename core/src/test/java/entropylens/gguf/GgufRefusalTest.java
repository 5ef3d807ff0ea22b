package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that say something which is not read, or leave out what is needed: refused by name.
class GgufRefusalTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf");

    @TempDir Path directory;

    /// Each name is given a last letter that no key has, so that the key is missing and the file
    /// says something that nobody knows.
    @ParameterizedTest
    @CsvSource({
        "gptoss, gpt-oss.attention.sliding_window, have no 'gpt-oss.attention.sliding_window'",
        "deepseek3, deepseek2.expert_group_used_count, deepseek2.expert_group_used_coun_",
        "deepseek2, deepseek2.rope.scaling.yarn_log_multiplier, yarn_log_multiplier is missing",
        "deepseek2, deepseek2.attention.kv_lora_rank, have no 'deepseek2.attention.kv_lora_rank'",
        "glm4moelite, deepseek2.nextn_predict_layers, deepseek2.nextn_predict_layer_",
        "glm4moe, glm4moe.expert_weights_norm, glm4moe.expert_weights_nor_",
        "glm4, glm4.rope.dimension_count, glm4.rope.dimension_coun_",
        "smollm3, smollm3.vocab_size, smollm3.vocab_siz_",
        "command-r, command-r.logit_scale, command-r.logit_scal_",
        "cohere2, cohere2.attention.sliding_window, have no 'cohere2.attention.sliding_window'",
        "ernie4_5-moe, ernie4_5-moe.interleave_moe_layer_step, interleave_moe_layer_step",
        "minimax-m2, minimax-m2.expert_gating_func, minimax-m2.expert_gating_fun_",
        "exaone4, exaone4.attention.sliding_window_pattern, exaone4.attention.sliding_window_patter_",
        "qwen3next, qwen3next.full_attention_interval, qwen3next.full_attention_interva_",
        "qwen3next, qwen3next.ssm.group_count, have no 'qwen3next.ssm.group_count'",
        "gemma4, gemma4.final_logit_softcapping, gemma4.final_logit_softcappin_",
        "lfm2, lfm2.shortconv.l_cache, have no 'lfm2.shortconv.l_cache'",
        "lfm2, lfm2.vocab_size, lfm2.vocab_siz_",
        "lfm2moe, lfm2moe.leading_dense_block_count, have no 'lfm2moe.leading_dense_block_count'",
        "mamba, mamba.ssm.inner_size, have no 'mamba.ssm.inner_size'",
        "mamba, mamba.context_length, mamba.context_lengt_",
        "falcon-mamba, mamba.ssm.dt_b_c_rms, mamba.ssm.dt_b_c_rm_",
        "mamba2, mamba2.ssm.group_count, have no 'mamba2.ssm.group_count'",
        "mistral3, mistral3.attention.temperature_scale, mistral3.attention.temperature_scal_",
        "mistral3, mistral3.rope.scaling.yarn_log_multiplier, yarn_log_multiplie_",
        "llama4, llama4.interleave_moe_layer_step, have no 'llama4.interleave_moe_layer_step'",
        "llama4-dense, llama4.attention.sliding_window, llama4.attention.sliding_windo_",
        "hunyuan-dense, hunyuan-dense.rope.scaling.factor, hunyuan-dense.rope.scaling.facto_",
        "hunyuan-moe, hunyuan-moe.expert_shared_count, have no 'hunyuan-moe.expert_shared_count'",
        "falcon-h1, falcon-h1.ssm.state_size, have no 'falcon-h1.ssm.state_size'",
        "falcon-h1, output.weight, left out the one of its logits",
        "apertus, xielu.alpha_p, its metadata have 'xielu.alpha__'",
        "mellum, mellum.attention.sliding_window_pattern, no attention.sliding_window_pattern",
        "mellum, mellum.rope.freq_base_swa, mellum.rope.freq_base_sw_",
        "jais2, jais2.rope.freq_base, jais2.rope.freq_bas_",
        "mpt, mpt.attention.clamp_kqv, mpt.attention.clamp_kq_",
        "mpt, mpt.attention.max_alibi_bias, alibi is false",
        "granitehybrid, granitehybrid.residual_scale, granitehybrid.residual_scal_",
        "granitehybrid-moe, granitehybrid.expert_used_count, granitehybrid.expert_used_count'",
        "bamba, granitehybrid.ssm.conv_kernel, have no 'granitehybrid.ssm.conv_kernel'",
        "granite-attention, granite.ssm.state_size, granite.ssm.state_siz_",
        "jamba, jamba.ssm.time_step_rank, have no 'jamba.ssm.time_step_rank'",
        "jamba, jamba.feed_forward_length, have no 'jamba.feed_forward_length'",
        "jamba, blk.3.ffn_gate_inp.weight, no tensor 'model.layers.3.feed_forward.gate_proj.weight'",
        "qwen35, qwen35.ssm.group_count, have no 'qwen35.ssm.group_count'",
        "qwen35, qwen35.rope.dimension_sections, qwen35.rope.dimension_section_",
        "qwen35moe, qwen35moe.expert_shared_feed_forward_length, have no 'qwen35moe.expert_shared",
        "llama, llama.rope.dimension_count, llama.rope.dimension_coun_",
        "gemma4, gemma4.attention.sliding_window_pattern, names 0 blocks",
        "gemma4, rope_freqs.weight, has no tensor 'rope_freqs.weight'",
    })
    void aKeyThatNobodyKnowsStopsTheLoad(String model, String key, String message)
            throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(model + ".gguf"));
        rename(file, key, key.substring(0, key.length() - 1) + "_");
        assertRefused(file, message);
    }

    @Test
    void biasesThatWereMultipliedByAFactorOfInputsAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve("falcon-h1.gguf"));
        rename(file, "blk.0.ssm_dt.bias", "blk.0.attn_q.bias");
        assertRefused(file, "multiplied by a factor of their inputs: take the safetensors");
    }

    @Test
    void statesThatGrowAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve("qwen3next.gguf"));
        overwrite(file, "blk.0.ssm_a", 0.5f);
        assertRefused(file, "tensor 'blk.0.ssm_a' holds 0.5, but states fade by negative numbers");
    }

    @Test
    void frequenciesThatAreDividedOtherwiseAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve("gemma4.gguf"));
        overwrite(file, "rope_freqs.weight", 3);
        assertRefused(file, "tensor 'rope_freqs.weight' is F32[4], but 4 numbers in F32");
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek2, deepseek2.rope.dimension_count, 10, rope.dimension_count is 10",
        "deepseek3, deepseek2.expert_count, 256, 256 experts",
        "glm4moe, glm4moe.expert_gating_func, 1, scores of this architecture are sigmoids",
        "glm4moe, glm4moe.nextn_predict_layers, 3, nextn_predict_layers is 3",
        "qwen3next, qwen3next.ssm.inner_size, 21, ssm.inner_size 21",
        "qwen3next, qwen3next.ssm.state_size, 5, rows were expected of its heads",
        "lfm2, lfm2.block_count, 2, attention.head_count_kv names 3 blocks",
        "lfm2moe, lfm2moe.expert_gating_func, 1, scores of this architecture are sigmoids",
        "mamba2, mamba2.ssm.time_step_rank, 5, which ssm.time_step_rank = 5 heads cannot share",
        "mamba2, mamba2.ssm.group_count, 4, mixer.in_proj.weight",
        "granitehybrid, granitehybrid.block_count, 4, attention.head_count_kv names 3 blocks",
        "granitehybrid, granitehybrid.ssm.time_step_rank, 3, which ssm.time_step_rank = 3 heads",
        "bamba, granitehybrid.rope.dimension_count, 8, where it does not know what share is turned",
        "qwen35, qwen35.ssm.time_step_rank, 5, ssm.time_step_rank 5",
        "qwen35, qwen35.ssm.state_size, 5, were expected of its heads",
        "qwen35, qwen35.ssm.inner_size, 12, were expected of its heads",
        "llama4-dense, llama4.attention.sliding_window, 4096, see chunks of 8192",
        "hunyuan-moe, hunyuan-moe.expert_shared_feed_forward_length, 9, are as wide as",
        "hunyuan-moe, hunyuan-moe.expert_shared_count, 2, num_shared_expert is 2",
        "mpt, mpt.feed_forward_length, 50, feed_forward_length is not 4 times",
        "gemma4, gemma4.rope.dimension_count, 4, but only heads of one width are read",
    })
    void numbersThatDoNotGoTogetherAreRefused(String model, String key, int value, String message)
            throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(model + ".gguf"));
        int type = Integer.BYTES;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(after(file, key) + type, value);
        assertRefused(file, message);
    }

    @ParameterizedTest
    @CsvSource({
        "lfm2, 0, 4, 'says that there are [4, 2] heads of keys'",
        "jamba, 2, 2, 'attn_layer_period would be 2 and attn_layer_offset 0 by the first blocks, but block 3'",
    })
    void blocksThatAttendOtherwiseAreRefused(String model, int block, int count, String message)
            throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(model + ".gguf"));
        // behind type, type of the elements and count
        int heads =
                after(file, model + ".attention.head_count_kv") + 2 * Integer.BYTES + Long.BYTES;
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(heads + block * Integer.BYTES, count);
        assertRefused(file, message);
    }

    @Test
    void anArchitectureThatIsNotReadIsRefusedWithThoseThatAre() {
        byte[] file = GgufWriter.of("grok").bytes();
        assertThatThrownBy(() -> load(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("architecture 'grok', which is not supported")
                .hasMessageContainingAll("llama, ", "gpt-oss, ", "deepseek2, ", "ernie4_5-moe, ");
    }

    private void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> load(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    private void load(byte[] file) throws IOException {
        Path path = directory.resolve("model.gguf");
        Files.write(path, file);
        try (Arena arena = Arena.ofShared()) {
            LoadedModel.load(path, arena, new CpuBackend(Kernels.best(), new WorkerPool(1)));
        }
    }

    private static void overwrite(byte[] file, String tensor, float number) {
        GgufHeader.parse(Path.of("model.gguf"), MemorySegment.ofArray(file)).tensors().stream()
                .filter(one -> one.name().equals(tensor))
                .findFirst()
                .orElseThrow()
                .data()
                .set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, number);
    }

    /// Gives a key or a tensor another name of the same length.
    private static void rename(byte[] file, String from, String to) {
        System.arraycopy(bytes(to), 0, file, after(file, from) - from.length(), from.length());
    }

    /// Where the only mention of a name ends.
    private static int after(byte[] file, String name) {
        String all = new String(file, StandardCharsets.ISO_8859_1);
        String found = (char) name.length() + "\0\0\0\0\0\0\0" + name;
        int at = all.indexOf(found);
        assertThat(at).as(name).isPositive();
        return at + found.length();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
