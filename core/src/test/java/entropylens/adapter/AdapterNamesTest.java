package entropylens.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.adapter.AdapterGoldens.Case;
import entropylens.adapter.AdapterTensors.Part;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The names that files of several years give to one tensor.
class AdapterNamesTest {
    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource({
        "transformer.h.0.attn.c_attn, h.0.attn.c_attn",
        "h.0.attn.c_attn, h.0.attn.c_attn",
        "model.layers.1.mlp, layers.1.mlp",
        "language_model.model.layers.1.mlp, layers.1.mlp",
        "model.language_model.layers.1.mlp, layers.1.mlp",
        "model.vision_tower.layers.1.mlp, vision_tower.layers.1.mlp",
        "model.decoder.layers.1.fc1, decoder.layers.1.fc1",
        "gpt_neox.layers.1.mlp, gpt_neox.layers.1.mlp",
        "embed_out, lm_head",
        "embed_out.weight, lm_head.weight",
        "embed_outer.weight, embed_outer.weight",
        "lm_head, lm_head",
    })
    void namesOfOneModuleAreOne(String name, String canonical) {
        assertThat(AdapterTensors.canonical(name)).isEqualTo(canonical);
    }

    /// `module.lora_A.default.weight`, as files have it that PEFT did not save itself.
    @Test
    void theNameOfTheAdapterMayStandInTheNames() throws IOException {
        renamed(
                "llama-dora",
                header ->
                        header.replace("lora_A.weight", "lora_A.default.weight")
                                .replace("lora_B.weight", "lora_B.my_adapter.weight")
                                .replace(
                                        "lora_magnitude_vector\"",
                                        "lora_magnitude_vector.default.weight\""));
        try (Arena arena = Arena.ofShared()) {
            AdapterTensors tensors = AdapterTensors.open(directory, arena);
            assertThat(tensors.whole()).isEmpty();
            assertThat(tensors.module("layers.0.mlp.up_proj").orElseThrow().tensors())
                    .containsOnlyKeys(Part.DOWN, Part.UP, Part.MAGNITUDE);
        }
        assertThat(applied("llama-dora").modules()).isEqualTo(21);
    }

    /// As PEFT once saved what is in modules_to_save.
    @Test
    void theWrapperMayStandInTheNames() throws IOException {
        renamed(
                "llama-saved-head",
                header ->
                        header.replace("lm_head.weight", "lm_head.modules_to_save.default.weight")
                                .replace("model.norm.weight", "model.norm.modules_to_save.weight"));
        assertThat(applied("llama-saved-head").replaced()).isEqualTo(8);
    }

    private AppliedAdapter applied(String name) {
        Case test = AdapterGoldens.named(name);
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            Backend backend = new CpuBackend(Kernels.scalar(), pool);
            LoadOptions options = LoadOptions.NONE.adapted(List.of(new AdapterSource(directory)));
            return LoadedModel.load(test.base(), arena, backend, options).adapters().getFirst();
        }
    }

    /// A copy of an adapter with another header.
    private void renamed(String adapter, UnaryOperator<String> change) throws IOException {
        Path golden = AdapterGoldens.ROOT.resolve(adapter);
        Files.copy(golden.resolve("adapter_config.json"), directory.resolve("adapter_config.json"));
        byte[] file = Files.readAllBytes(golden.resolve("adapter_model.safetensors"));
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String before = new String(file, 8, length, StandardCharsets.UTF_8);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        byte[] header = after.getBytes(StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOfRange(file, 8 + length, file.length);
        Files.write(
                directory.resolve("adapter_model.safetensors"),
                ByteBuffer.allocate(8 + header.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .put(data)
                        .array());
    }
}
