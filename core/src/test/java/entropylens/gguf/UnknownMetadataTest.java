package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metadata that nobody knows may change the model.
class UnknownMetadataTest {
    private static final Path MODEL = Path.of("src/test/resources/gguf/llama.gguf");

    @TempDir Path folder;

    /// A copy of a model in which a key has another name of the same length.
    private Path renamed(String from, String to) throws IOException {
        String bytes = Files.readString(MODEL, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains(from);
        return Files.writeString(
                folder.resolve("some.gguf"), bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    private static LoadedModel load(Path file, LoadOptions options) {
        return LoadedModel.load(
                file, Arena.ofAuto(), new CpuBackend(Kernels.scalar(), new WorkerPool(1)), options);
    }

    @Test
    void aKeyOfTheArchitectureStopsTheLoadUnlessItIsIgnored() throws IOException {
        Path file = renamed("llama.vocab_size", "llama.some_thing");
        assertThatThrownBy(() -> load(file, LoadOptions.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("that may change the model: llama.some_thing = 29");
        LoadedModel loaded =
                load(file, new LoadOptions(Optional.empty(), Set.of("llama.some_thing")));
        assertThat(loaded.ignoredConfigKeys()).containsEntry("llama.some_thing", "29");
    }

    @Test
    void otherKeysAndThoseWithoutEffectAreListed() throws IOException {
        GgufSummary summary = GgufSummary.of(renamed("general.name", "whatever.nam"));
        assertThat(summary.unread())
                .containsEntry("general.*", "describes the file")
                .containsEntry("whatever.*", "is not of this architecture")
                .containsEntry("llama.vocab_size", "the embedding has this size")
                .hasSize(3);
        assertThat(summary.quantisation()).isEqualTo("F32");
    }
}
