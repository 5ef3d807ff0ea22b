package entropylens.checkpoint;

import static entropylens.checkpoint.TorchWriter.op;
import static entropylens.checkpoint.TorchWriter.pickle;
import static entropylens.checkpoint.TorchWriter.tensor;
import static entropylens.checkpoint.TorchWriter.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchFileTest {

    private static final Path GOOD = Path.of("src/test/resources/torch");
    private static final long[] ROW = {2};
    private static final long[] ONE = {1};

    @TempDir Path directory;
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void closeArena() {
        arena.close();
    }

    private Checkpoint everyKind() {
        return Checkpoint.open(GOOD.resolve("every-kind"), arena);
    }

    private Checkpoint open(byte[] bytes) {
        SafetensorsWriter.write(directory.resolve("pytorch_model.bin"), bytes);
        return Checkpoint.open(directory, arena);
    }

    private static void refuses(ThrowingCallable what, String... saying) {
        assertThatThrownBy(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(saying);
    }

    private void refuses(byte[] file, String... saying) {
        refuses(() -> open(file), saying);
        refuses(() -> open(file), directory.toString());
    }

    private static byte[] file(byte[] pickle) {
        return new TorchWriter(pickle).with("data/0", new byte[8]).bytes();
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void theSameTensorsAsSafetensorsHaveTheSameBytes() {
        Checkpoint torch = everyKind();
        var expected =
                SafetensorsFile.open(GOOD.resolve("every-kind.safetensors"), arena).tensors();
        assertThat(torch.names()).isEqualTo(Set.copyOf(expected.keySet())).hasSize(17);
        int compared = 0;
        for (Tensor tensor : expected.values()) {
            if (tensor.dtype().isComputable()) {
                long[] shape = tensor.shape().stream().mapToLong(n -> n).toArray();
                Tensor read = torch.require(tensor.name(), shape);
                assertThat(read.dtype()).isEqualTo(tensor.dtype());
                assertThat(read.data().isReadOnly()).isTrue();
                assertThat(bytes(read)).as(tensor.name()).isEqualTo(bytes(tensor));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(12);
        for (Tensor tensor : torch.files().getFirst().tensors().values()) {
            assertThat(bytes(tensor)).isEqualTo(bytes(expected.get(tensor.name())));
        }
    }

    @Test
    void weightsAreMappedAndTiedOnesShareTheirBytes() {
        Checkpoint torch = everyKind();
        Tensor embedding = torch.require("embed.weight", 5, 4);
        Tensor head = torch.require("lm_head.weight", 5, 4);
        assertThat(embedding.data().isMapped()).isTrue();
        assertThat(head.data().address()).isEqualTo(embedding.data().address());
        assertThat(torch.dtype()).isEqualTo(DType.BF16);
    }

    @Test
    void onlyAMatrixThatIsStoredTransposedIsCopied() {
        Checkpoint torch = everyKind();
        Tensor head = torch.require("head.weight", 6, 4);
        assertThat(head.data().isMapped()).isFalse();
        assertThat(torch.require("head.weight", 6, 4)).isSameAs(head);
        assertThat(torch.require("row.weight", 1, 6).data().isMapped()).isTrue();
    }

    @Test
    void aTiedTensorIsNotLeftOver() {
        Checkpoint torch = everyKind();
        torch.require("embed.weight", 5, 4);
        torch.refuseLeftOver(name -> !name.equals("lm_head.weight"));
        refuses(() -> torch.refuseLeftOver(name -> !name.startsWith("head")), "'head.weight'");
    }

    @Test
    void masksAreListedAndRefusedOnlyWhenTheyAreAskedFor() {
        Checkpoint torch = everyKind();
        assertThat(torch.has("attn.bias")).isTrue();
        assertThat(torch.has("attn.mask")).isTrue();
        refuses(() -> torch.require("attn.bias", 1, 1, 4, 4), "'attn.bias' is BOOL");
        refuses(() -> torch.require("attn.mask", 3, 2, 2), "'attn.mask' is U8");
        refuses(() -> torch.require("position_ids", 1, 4), "'position_ids' is I64");
        refuses(() -> torch.require("head.weight", 4, 6), "has the shape [6, 4]");
    }

    @Test
    void shardsAreOpenedThroughTheirIndex() throws Exception {
        Checkpoint torch = Checkpoint.open(GOOD.resolve("sharded"), arena);
        assertThat(torch.names()).containsExactly("a", "b", "c");
        assertThat(torch.require("c", 2, 2).dtype()).isEqualTo(DType.BF16);
        assertThat(torch.require("b", 4).file()).hasFileName("pytorch_model-00001-of-00002.bin");
        assertThat(torch.bytes()).isEqualTo(24 + 8 + 8);
        String index = "pytorch_model.bin.index.json";
        Files.copy(GOOD.resolve("sharded").resolve(index), directory.resolve(index));
        refuses(() -> Checkpoint.open(directory, arena), "names 2 shards", "finish the download");
    }

    @Test
    void safetensorsArePreferred() throws Exception {
        Files.createFile(directory.resolve("pytorch_model.bin"));
        new SafetensorsWriter()
                .counting("w", DType.F32, 0, 2)
                .write(directory.resolve("model.safetensors"));
        assertThat(Checkpoint.open(directory, arena).names()).containsExactly("w");
    }

    @Test
    void theFingerprintIsThatOfThePickle() {
        byte[] pickle = tensor("0", 2, 0, ROW, ONE);
        String sha256 = open(file(pickle)).sha256();
        byte[] other =
                new TorchWriter(pickle).with("data/0", new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).bytes();
        assertThat(open(other).sha256()).isEqualTo(sha256);
        assertThat(open(file(tensor("0", 2, 0, ONE, ONE))).sha256()).isNotEqualTo(sha256);
    }

    @Test
    void aFileOfAnOldTorchIsToldHowToBecomeSafetensors() throws Exception {
        refuses(
                Files.readAllBytes(GOOD.resolve("legacy.bin")),
                "torch before version 1.6",
                "st.save_file",
                directory.resolve("model.safetensors").toString());
    }

    @Test
    void whatIsNoTorchFileIsRefused() {
        refuses(new byte[0], "has 0 bytes that do not begin as a file of torch.save");
        refuses("version https://git-lfs".getBytes(StandardCharsets.UTF_8), "Git LFS");
        refuses(new TorchWriter(pickle(op("}"))).with("constants.pkl").bytes(), "TorchScript");
        refuses(new TorchWriter(pickle(op("}"))).with("../x/data.pkl").bytes(), "hold no tensors");
        refuses(file(pickle(op("}"))), "hold no tensors");
        refuses(file(pickle(op("]"))), "holds no dict of tensors");
        refuses(
                file(pickle(op("}"), text("optimizer"), op("}s"))),
                "'optimizer' is a dict",
                "training checkpoint");
        refuses(
                new TorchWriter(tensor("0", 2, 0, ROW, ONE))
                        .with("data/0", new byte[8])
                        .bytes(ZipEntry.DEFLATED),
                "'archive/data.pkl' is compressed (method 8)");
    }

    @Test
    void bigEndianBytesAreRefused() {
        var writer = new TorchWriter(tensor("0", 2, 0, ROW, ONE)).with("data/0", new byte[8]);
        assertThat(open(writer.with("byteorder", op("little")).bytes()).names()).hasSize(1);
        refuses(writer.with("byteorder", op("big")).bytes(), "in big order", "little-endian");
        refuses(writer.with("byteorder", op("lit\u0000le")).bytes(), "in lit?le order");
        refuses(writer.with("byteorder", new byte[2000]).bytes(), "'archive/byteorder' has 2,000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1 | 2 | 0 | 2 | 1 | lies in the storage '1', which is not in the file
                    0 | 3 | 0 | 2 | 1 | which should have 12 bytes, but has 8
                    0 | 1 | 0 | 1 | 1 | which should have 4 bytes, but has 8
                    0 | 2 | 0 | 3 | 1 | needs 12 bytes from 0 on, but its storage 'archive/data/0' has 8
                    0 | 2 | 1 | 2 | 1 | needs 8 bytes from 4 on
                    0 | 2 | 3 | 0 | 1 | needs 0 bytes from 12 on
                    0 | 2 | 0 | 2 | 2 | needs 12 bytes from 0 on
                    0 | 2 | -1 | 2 | 1 | begins in front of its storage
                    0 | 2 | 0 | -2 | 1 | sizes or strides are no counts
                    0 | 2 | 0 | 2 | -1 | sizes or strides are no counts
                    0 | -2 | 0 | 2 | 1 | names a storage in an unknown way
                    0 | 4611686018427387904 | 0 | 2 | 1 | overflows
                    0 | 2 | 4611686018427387904 | 2 | 1 | overflows
                    0 | 2 | 0 | 4611686018427387904 | 1 | overflows
                    0 | 2 | 0 | 4 | 4611686018427387904 | overflows
                    """)
    void aTensorOutsideItsStorageIsRefused(
            String key, long length, long offset, long size, long stride, String reason) {
        byte[] pickle = tensor(key, length, offset, new long[] {size}, new long[] {stride});
        refuses(file(pickle), reason);
    }

    @Test
    void aViewThatRepeatsItsElementsIsRefusedWhenItIsAskedFor() {
        long[] huge = {1 << 20, 1 << 20};
        Checkpoint torch = open(file(tensor("0", 2, 0, huge, new long[] {0, 1 >> 1})));
        assertThat(torch.names()).containsExactly("w");
        refuses(() -> torch.require("w", huge), "a view with strides [0, 0]", "st.save_file");
        // what such a view claims is no bound for the sizes of a configuration
        assertThat(torch.sizeBounds().largest()).isLessThan(1 << 20);
    }

    @Test
    void aTruncatedFileSaysSo() throws Exception {
        byte[] good = Files.readAllBytes(GOOD.resolve("every-kind/pytorch_model.bin"));
        refuses(Arrays.copyOf(good, good.length / 2), "it is truncated", "download it again");
    }
}
