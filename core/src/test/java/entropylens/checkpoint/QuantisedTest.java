package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantisedTest {

    @TempDir Path directory;

    /// Single quotes stand for double ones.
    private ConfigJson config(String json) throws IOException {
        return ConfigJson.read(
                Files.writeString(directory.resolve("config.json"), json.replace('\'', '"')));
    }

    private static void refuses(ThrowingCallable what, String... saying) {
        assertThatThrownBy(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("use the unquantised checkpoint")
                .hasMessageContaining("reads F16, BF16, F32 weights")
                .hasMessageContainingAll(saying);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'quant_method': 'hqq', 'bits': 4}                     | HQQ (4 bit)         | quant_method = hqq
                    {'quant_method': 'aqlm'}                               | AQLM                | quant_method = aqlm
                    {'quant_method': 'modelopt'}                           | NVIDIA ModelOpt     | quant_method = modelopt
                    {'quant_method': 'new'}                                | with new            | quant_method = new
                    {}                                                     | a method that it does not name | by its quantization_config
                    """)
    void aMethodThatIsNotReadIsRefusedByName(String how, String method, String where)
            throws IOException {
        var config = config("{'quantization_config': " + how + "}");
        refuses(() -> Quantised.settings(config), "config.json: this checkpoint is", method, where);
        var inner = config("{'text_config': {'compression_config': " + how + "}}");
        String path = "text_config.compression_config";
        refuses(
                () -> Quantised.settings(inner),
                method,
                where.replace("quantization_config", path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'quantization_config': null}",
                "{'quantization_config': {'load_in_4bit': false, 'load_in_8bit': false}}",
                "{'text_config': {'hidden_size': 4}}",
                "{'text_config': 7}"
            })
    void otherConfigurationsPassAndNothingCountsAsRead(String json) throws IOException {
        var config = config(json);
        assertThat(Quantised.settings(config)).isEmpty();
        if (json.contains("4")) {
            assertThatThrownBy(() -> config.refuseUnread(Set.of())).hasMessageContaining("_config");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'quant_method': 'gptq', 'bits': 4}           | gptq
                    {'quant_method': 'AWQ'}                       | awq
                    {'quant_method': 'bitsandbytes', 'load_in_4bit': true} | bitsandbytes
                    {'load_in_8bit': true, 'load_in_4bit': false} | bitsandbytes
                    {'quant_method': 'compressed-tensors'}        | compressed-tensors
                    """)
    void theSettingsOfAMethodThatIsReadAreHandedOut(String how, String method) throws IOException {
        for (String json :
                new String[] {
                    "{'quantization_config': " + how + "}",
                    "{'compression_config': " + how + "}",
                    "{'text_config': {'quantization_config': " + how + "}}"
                }) {
            assertThat(Quantised.settings(config(json)))
                    .hasValueSatisfying(found -> assertThat(found.method()).isEqualTo(method));
        }
    }

    @Test
    void theUnquantisedCheckpointIsNamedWhereItIsKnown() throws IOException {
        String how = "'quantization_config': {'quant_method': 'hqq'}}";
        var named = config("{'_name_or_path': 'meta-llama/Llama-2-7b-hf', " + how);
        refuses(() -> Quantised.settings(named), "probably meta-llama/Llama-2-7b-hf");
        for (String name : new String[] {"/root/model", "x/Llama-GPTQ", "x/Llama-4bit", "", "x"}) {
            var unnamed = config("{'_name_or_path': '" + name + "', " + how);
            assertThatThrownBy(() -> Quantised.settings(unnamed))
                    .hasMessageEndingWith("use the unquantised checkpoint");
        }
        Path card = directory.resolve("README.md");
        Files.writeString(card, "---\nlicense: mit\nbase_model:\n- org/Base-1\ntags: x\n---\n# T");
        refuses(() -> Quantised.settings(named), "probably org/Base-1");
        Files.writeString(card, "---\nbase_model: 'org/Base-2'\n---\n");
        refuses(() -> Quantised.settings(named), "probably org/Base-2");
        Files.writeString(card, "# T\nbase_model: org/Base-3\n");
        refuses(() -> Quantised.settings(named), "probably meta-llama/Llama-2-7b-hf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    h.0.q_proj.qweight            | I32     | AWQ or GPTQ
                    h.0.q_proj.g_idx              | I32     | GPTQ
                    h.0.q_proj.weight_scale_inv   | F32     | FP8 (in blocks)
                    h.0.q_proj.weight_packed      | I32     | compressed-tensors
                    h.0.q_proj.weight_scale       | BF16    | compressed-tensors or FP8
                    h.0.q_proj.weight.absmax      | U8      | bitsandbytes (4 bit)
                    h.0.q_proj.weight.quant_map   | F32     | bitsandbytes (4 bit)
                    w.quant_state.bitsandbytes__nf4 | U8    | bitsandbytes (4 bit)
                    h.0.q_proj.SCB                | F32     | bitsandbytes (8 bit)
                    h.0.q_proj.W_q                | U8      | HQQ
                    mlp.experts.down_proj_blocks  | U8      | MXFP4
                    h.0.q_proj.weight             | F8_E4M3 | FP8
                    h.0.q_proj.weight             | F8_E5M2 | FP8
                    """)
    void tensorsThatOnlyQuantisationLeavesAreRefused(String name, DType dtype, String method)
            throws IOException {
        config("{'_name_or_path': 'org/base'}");
        new SafetensorsWriter()
                .counting("norm.weight", DType.F32, 0, 2)
                .counting(name, dtype, 0, 4)
                .write(directory.resolve("model.safetensors"));
        try (Arena arena = Arena.ofConfined()) {
            refuses(
                    () -> Checkpoint.open(directory, arena),
                    "model.safetensors: this checkpoint is quantised with " + method,
                    "'" + name + "'",
                    "probably org/base");
        }
    }

    @Test
    void gptqIsToldFromAwqByItsIndex() {
        new SafetensorsWriter()
                .counting("a.qweight", DType.I32, 0, 2)
                .counting("a.g_idx", DType.I32, 0, 2)
                .write(directory.resolve("model.safetensors"));
        try (Arena arena = Arena.ofConfined()) {
            refuses(() -> Checkpoint.open(directory, arena), "with GPTQ (", "'a.g_idx'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"F4", "F8_E8M0", "F6_E2M3", "F8_E4M3FNUZ"})
    void smallFloatsOfNewerFilesAreCalledQuantised(String dtype) {
        String header = "{\"w\":{\"dtype\":\"%s\",\"shape\":[4],\"data_offsets\":[0,4]}}";
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                SafetensorsWriter.raw(header.formatted(dtype), new byte[4]));
        try (Arena arena = Arena.ofConfined()) {
            refuses(() -> Checkpoint.open(directory, arena), "tensor 'w'", "'" + dtype + "'");
        }
    }

    @Test
    void masksAndIntegersAreNoQuantisation() {
        new SafetensorsWriter()
                .counting("h.0.attn.bias", DType.U8, 0, 4)
                .counting("h.0.scale", DType.F32, 0, 4)
                .counting("h.0.blocks", DType.I8, 0, 4)
                .write(directory.resolve("model.safetensors"));
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Checkpoint.open(directory, arena).names()).hasSize(3);
        }
    }
}
