package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final String SHARD_1 = "model-00001-of-00002.safetensors";
    private static final String SHARD_2 = "model-00002-of-00002.safetensors";

    @TempDir Path directory;
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void closeArena() {
        arena.close();
    }

    private Checkpoint open() {
        return Checkpoint.open(directory, arena);
    }

    private static void refuses(ThrowingCallable what, String... saying) {
        assertThatThrownBy(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(saying);
    }

    private Checkpoint single() {
        new SafetensorsWriter()
                .counting("model.embed_tokens.weight", DType.BF16, 0, 8, 4)
                .f32("model.norm.weight", new long[] {4}, 1, 2, 3, 4)
                .counting("mask", DType.U8, 0, 4)
                .write(directory.resolve("model.safetensors"));
        return open();
    }

    private Map<String, SafetensorsWriter> shards() {
        var shards = new LinkedHashMap<String, SafetensorsWriter>();
        shards.put(
                SHARD_1,
                new SafetensorsWriter()
                        .counting("a", DType.F32, 1, 2)
                        .counting("b", DType.F16, 2, 3));
        shards.put(SHARD_2, new SafetensorsWriter().counting("c", DType.F32, 3, 4));
        return shards;
    }

    @Test
    void aSingleFileIsOpened() {
        Checkpoint checkpoint = single();
        assertThat(checkpoint.names())
                .containsExactly("mask", "model.embed_tokens.weight", "model.norm.weight");
        assertThat(checkpoint.bytes()).isEqualTo(64 + 16 + 4);
        assertThat(checkpoint.dtype()).isEqualTo(DType.BF16);
        Tensor norm = checkpoint.require("model.norm.weight", 4);
        assertThat(norm.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8)).isEqualTo(3f);
        assertThat(checkpoint.find("lm_head.weight", 8, 4)).isEmpty();
        assertThat(checkpoint.has("lm_head.weight")).isFalse();
    }

    @Test
    void shardsAreOpenedThroughTheirIndex() {
        SafetensorsWriter.writeShards(directory, shards());
        Checkpoint checkpoint = open();
        assertThat(checkpoint.names()).containsExactly("a", "b", "c");
        assertThat(checkpoint.require("c", 4).file().getFileName()).hasToString(SHARD_2);
        assertThat(checkpoint.require("c", 4).data().get(ValueLayout.JAVA_BYTE, 1))
                .isEqualTo((byte) 4);
    }

    @Test
    void shardsMayBeSymbolicLinksAsInTheHuggingFaceCache() throws Exception {
        Path blobs = Files.createDirectory(directory.resolve("blobs"));
        Path snapshot = Files.createDirectory(directory.resolve("snapshot"));
        SafetensorsWriter.writeShards(snapshot, shards());
        Files.move(snapshot.resolve(SHARD_1), blobs.resolve("5891b5b5"));
        Files.createSymbolicLink(snapshot.resolve(SHARD_1), Path.of("../blobs/5891b5b5"));
        assertThat(Checkpoint.open(snapshot, arena).names()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.safetensors",
                "/etc/x.safetensors",
                "sub/x.safetensors",
                "sub\\\\x.safetensors",
                "..",
                ".",
                "",
                "x\\u0000.safetensors",
                "pytorch_model.bin"
            })
    void anIndexMayNotNameWhatIsOutsideTheDirectory(String name) {
        SafetensorsWriter.writeIndex(directory, Map.of("w", name));
        refuses(this::open, "index.json", "tensor 'w'", "not the plain name");
    }

    @Test
    void allMissingShardsAreListed() {
        var map = new LinkedHashMap<String, String>();
        map.put("a", SHARD_1);
        map.put("b", SHARD_2);
        SafetensorsWriter.writeIndex(directory, map);
        refuses(
                this::open,
                "index.json",
                "names 2 shards",
                SHARD_1,
                SHARD_2,
                "finish the download");
    }

    @Test
    void indexAndShardsMustAgree() {
        SafetensorsWriter.writeShards(directory, shards());
        SafetensorsWriter.writeIndex(directory, Map.of("a", SHARD_1, "c", SHARD_2));
        refuses(this::open, "tensor 'b' is in " + SHARD_1, "the index does not list it");
        SafetensorsWriter.writeIndex(directory, Map.of("a", SHARD_1, "b", SHARD_2, "c", SHARD_2));
        refuses(this::open, "tensor 'b' is in " + SHARD_1, "the index says it is in " + SHARD_2);
        SafetensorsWriter.writeIndex(
                directory, Map.of("a", SHARD_1, "b", SHARD_1, "c", SHARD_2, "d", SHARD_2));
        refuses(this::open, "tensor 'd' should be in " + SHARD_2, "is not there");
    }

    @Test
    void oneTensorInTwoShardsIsRefused() {
        var shards = shards();
        shards.put(SHARD_2, new SafetensorsWriter().counting("a", DType.F32, 3, 4));
        SafetensorsWriter.writeShards(directory, shards);
        refuses(this::open, "tensor 'a' is in " + SHARD_1, "the index says it is in " + SHARD_2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"weight_map\": {}}", "{\"weight_map\": []}", "{\"a\""})
    void anIndexWithoutAWeightMapIsRefused(String json) {
        SafetensorsWriter.write(directory.resolve("model.safetensors.index.json"), json.getBytes());
        refuses(this::open, "model.safetensors.index.json", "download it again");
    }

    @Test
    void aDamagedShardIsNamed() {
        SafetensorsWriter.writeShards(directory, shards());
        SafetensorsWriter.write(directory.resolve(SHARD_2), "version https://git-lfs".getBytes());
        refuses(this::open, SHARD_2, "Git LFS");
    }

    @Test
    void aDirectoryWithoutWeightsIsToldHowToGetThem() throws Exception {
        refuses(this::open, directory.toString(), "is this a Hugging Face checkpoint directory");
        Files.createFile(directory.resolve("weights.pt"));
        refuses(this::open, "there is weights.pt", "rename it to pytorch_model", "save_pretrained");
        Files.createFile(directory.resolve("pytorch_model-00001-of-00002.bin"));
        refuses(this::open, "download pytorch_model.bin.index.json too");
        Files.createFile(directory.resolve(SHARD_1));
        refuses(this::open, "there is " + SHARD_1, "download the index too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    llama-q4.gguf             | a model in GGUF         | name the file
                    consolidated.00.pth       | their makers' own layout | download the Hugging Face version
                    consolidated.safetensors  | their makers' own layout | download the Hugging Face version
                    weights.npz               | arrays of NumPy         | download the original
                    model.onnx                | ONNX                    | download the original
                    tf_model.h5               | weights of TensorFlow   | from_tf=True
                    flax_model.msgpack        | weights of Flax         | from_flax=True
                    adapter_model.safetensors | an adapter              | merge_and_unload
                    """)
    void anotherFormatIsNamedWithWhatToDo(String name, String what, String todo) throws Exception {
        Path file = Files.createFile(directory.resolve(name));
        refuses(this::open, directory.toString(), name + " is", what, todo);
        Path config = directory.resolve("config.json");
        refuses(() -> ConfigJson.read(config), "there is no config.json", name + " is", what, todo);
        refuses(() -> Checkpoint.open(file, arena), "is not a directory", name + " is", what);
        Files.createFile(directory.resolve("model.safetensors"));
        refuses(() -> ConfigJson.read(config), "is this a Hugging Face checkpoint directory");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        refuses(() -> Checkpoint.open(nowhere, arena), "nowhere: there is no such directory");
        Path file = Files.createFile(directory.resolve("file"));
        refuses(() -> Checkpoint.open(file, arena), "file: is not a directory");
    }

    @Test
    void aCheckpointWithoutTensorsIsRefused() {
        new SafetensorsWriter().write(directory.resolve("model.safetensors"));
        refuses(this::open, "hold no tensors");
    }

    @Test
    void aMissingTensorIsAnsweredWithNearNames() {
        Checkpoint checkpoint = single();
        refuses(
                () -> checkpoint.require("embed_tokens.weight", 8, 4),
                directory.toString(),
                "no tensor 'embed_tokens.weight' (of shape [8, 4])",
                "'model.embed_tokens.weight'");
    }

    @Test
    void aTensorOfAnotherShapeIsRefused() {
        Checkpoint checkpoint = single();
        refuses(
                () -> checkpoint.find("model.embed_tokens.weight", 4, 8),
                "model.safetensors: tensor 'model.embed_tokens.weight' has the shape [8, 4]",
                "calls for [4, 8]");
        refuses(() -> checkpoint.require("model.norm.weight"), "calls for []");
    }

    @Test
    void aTensorThatCannotBeComputedWithIsRefusedWhenItIsAskedFor() {
        Checkpoint checkpoint = single();
        refuses(() -> checkpoint.require("mask", 4), "'mask' is U8", "F16, BF16, F32");
    }

    @Test
    void whatNobodyTookStopsTheLoad() {
        Checkpoint checkpoint = single();
        checkpoint.require("model.norm.weight", 4);
        assertThat(checkpoint.has("model.embed_tokens.weight")).isTrue();
        refuses(
                () -> checkpoint.refuseLeftOver(name -> name.equals("mask")),
                "1 of 3 tensors",
                "'model.embed_tokens.weight'");
        checkpoint.find("model.embed_tokens.weight", 8, 4);
        checkpoint.refuseLeftOver(name -> name.equals("mask"));
        refuses(() -> checkpoint.refuseLeftOver(name -> false), "'mask'");
    }

    @Test
    void theFingerprintIsThatOfTheHeadersAndIgnoresTheWeights() {
        String first = single().sha256();
        assertThat(first).hasSize(64);
        assertThat(HexFormat.of().parseHex(first)).hasSize(32);
        byte[] bytes =
                new SafetensorsWriter()
                        .counting("model.embed_tokens.weight", DType.BF16, 99, 8, 4)
                        .f32("model.norm.weight", new long[] {4}, 0, 0, 0, 0)
                        .counting("mask", DType.U8, 0, 4)
                        .bytes();
        SafetensorsWriter.write(directory.resolve("model.safetensors"), bytes);
        assertThat(open().sha256()).isEqualTo(first);
        new SafetensorsWriter()
                .counting("other", DType.U8, 0, 4)
                .write(directory.resolve("model.safetensors"));
        assertThat(open().sha256()).isNotEqualTo(first);
    }

    @Test
    void aRealModelIsReadWhole() {
        Path model = RealModel.stories260K();
        var config = ConfigJson.read(model.resolve("config.json"));
        Checkpoint checkpoint = Checkpoint.open(model, arena);
        int dModel = config.requireInt("hidden_size");
        Tensor embedding =
                checkpoint.require(
                        "model.embed_tokens.weight", config.requireInt("vocab_size"), dModel);
        assertThat(embedding.shape()).containsExactly(512L, 64L);
        assertThat(embedding.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isFinite();
        assertThat(checkpoint.dtype()).isEqualTo(DType.F32);
        assertThat(checkpoint.bytes()).isEqualTo(1_040_128);
    }
}
