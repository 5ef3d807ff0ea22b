package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.WeightsOnDisk.Piece;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Names and ties of tensors as transformers 5.18 reads them, in every family: with and without the
/// stack's prefix, and W_U of its own where the file holds one.
class TensorNamesTest {
    @TempDir Path folder;

    static Stream<String> models() {
        return Goldens.NAMES.stream()
                .filter(name -> Files.exists(Goldens.directory(name).resolve("model.safetensors")));
    }

    static Stream<String> tiedModels() {
        return models().filter(
                        name -> load(Goldens.directory(name)).model().config().tiedUnembed());
    }

    private static LoadedModel load(Path directory) {
        return load(directory, LoadOptions.NONE);
    }

    private static LoadedModel load(Path directory, LoadOptions options) {
        CpuBackend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return LoadedModel.load(directory, Arena.ofAuto(), backend, options);
    }

    private static double[] profile(LoadedModel loaded) {
        return new Profiler(loaded.model())
                .profile(
                        new int[] {1, 2, 3, 4},
                        new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY))
                .meanByLayer();
    }

    private static Family family(String name) {
        return Families.of(
                ConfigJson.read(Goldens.directory(name).resolve("config.json")), Optional.empty());
    }

    private static WeightsOnDisk weights(String name) {
        return WeightsOnDisk.read(Goldens.directory(name).resolve("model.safetensors"));
    }

    private Path renamed(String name, UnaryOperator<String> how) {
        return weights(name).renamed(how).write(Goldens.directory(name), folder.resolve(name));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aCheckpointOfTheStackAloneIsTheSameModel(String name) {
        String prefix = family(name).prefix();
        Path stack = renamed(name, tensor -> tensor.replaceFirst("^" + prefix, ""));
        assertThat(profile(load(stack))).isEqualTo(profile(load(Goldens.directory(name))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aCheckpointWithAPrefixTooManyIsTheSameModel(String name) {
        Path wrapped = renamed(name, tensor -> family(name).prefix() + tensor);
        LoadedModel loaded = load(wrapped);
        assertThat(profile(loaded)).isEqualTo(profile(load(Goldens.directory(name))));
        assertThat(loaded.parameters()).isEqualTo(load(Goldens.directory(name)).parameters());
    }

    /// So in files of its authors.
    @Test
    void theEmbeddingOfMambaHasTwoNames() {
        Path older = renamed("mamba-tied", tensor -> tensor.replace("embeddings", "embedding"));
        assertThat(profile(load(older))).isEqualTo(profile(load(Goldens.directory("mamba-tied"))));
    }

    /// The matrix under W_U's name is W_E with one bit changed.
    @ParameterizedTest
    @MethodSource("tiedModels")
    void aMatrixOfItsOwnUntiesWhatTheConfigurationTies(String name) {
        Path untied = withUnembed(name, embed(name).changed());
        LoadedModel loaded = load(untied);
        LoadedModel tied = load(Goldens.directory(name));
        var weights = loaded.model().weights();
        assertThat(loaded.untiedByFile()).isTrue();
        assertThat(loaded.model().config().tiedUnembed()).isFalse();
        assertThat(weights.readout().unembed()).isNotEqualTo(weights.embedding().tokens());
        assertThat(loaded.parameters())
                .isEqualTo(
                        tied.parameters()
                                + (long) weights.readout().unembed().outputs()
                                        * weights.readout().unembed().inputs());
        // before training, the configuration says what there is
        assertThat(load(untied, LoadOptions.NONE.untrained(7)).untiedByFile()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("tiedModels")
    void theSameBytesUnderBothNamesStayTied(String name) {
        LoadedModel loaded = load(withUnembed(name, embed(name)));
        assertThat(loaded.untiedByFile()).isFalse();
        assertThat(loaded.model().weights().readout().unembed())
                .isSameAs(loaded.model().weights().embedding().tokens());
        assertThat(loaded.parameters()).isEqualTo(load(Goldens.directory(name)).parameters());
    }

    @ParameterizedTest
    @MethodSource("tiedModels")
    void aTiedModelMayHoldItsMatrixUnderTheOtherName(String name) {
        String embed = embedName(name);
        String unembed = family(name).unembeds().getFirst() + ".weight";
        Path other = renamed(name, tensor -> tensor.equals(embed) ? unembed : tensor);
        assertThat(profile(load(other))).isEqualTo(profile(load(Goldens.directory(name))));
    }

    @ParameterizedTest
    @MethodSource("tiedModels")
    void anUnembeddingOfAnotherShapeIsRefused(String name) {
        Piece narrow =
                weights(name).pieces.values().stream()
                        .filter(piece -> !piece.shape().equals(embed(name).shape()))
                        .findFirst()
                        .orElseThrow();
        Path wrong = withUnembed(name, narrow);
        assertThatThrownBy(() -> load(wrong))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        family(name).unembeds().getFirst() + ".weight' has the shape");
    }

    private Path withUnembed(String name, Piece piece) {
        WeightsOnDisk weights = weights(name);
        weights.pieces.put(family(name).unembeds().getFirst() + ".weight", piece);
        return weights.write(Goldens.directory(name), folder.resolve(name + "-with"));
    }

    private static Piece embed(String name) {
        return weights(name).pieces.get(embedName(name));
    }

    private static String embedName(String name) {
        return weights(name).pieces.keySet().stream()
                .filter(tensor ->
                        tensor.matches(
                                ".*(tok_embeddings|embed_tokens|wte|word_embeddings|embed_in|embeddings)\\.weight"))
                .findFirst()
                .orElseThrow();
    }
}
