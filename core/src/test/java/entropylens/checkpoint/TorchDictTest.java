package entropylens.checkpoint;

import static entropylens.checkpoint.TorchWriter.integer;
import static entropylens.checkpoint.TorchWriter.join;
import static entropylens.checkpoint.TorchWriter.op;
import static entropylens.checkpoint.TorchWriter.pickle;
import static entropylens.checkpoint.TorchWriter.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Dicts of torch that hold plain values, and tensors by number.
class TorchDictTest {
    private static final byte[] PAIR =
            TorchWriter.view(
                    op("ctorch\nFloatStorage\n"), "0", 2, 0, new long[] {2}, new long[] {1});

    @TempDir Path directory;

    private Path file(byte[]... entries) {
        byte[] all = pickle(op("}"), join(entries));
        return new TorchWriter(all)
                .with("data/0", new byte[] {0, 0, -128, 63, 0, 0, 0, 64})
                .write(directory.resolve("lens.pt"));
    }

    private static byte[] entry(String name, byte[] value) {
        return join(text(name), value, op("s"));
    }

    private static byte[] numbered(byte[]... keys) {
        byte[] dict = op("}");
        for (byte[] key : keys) {
            dict = join(dict, key, PAIR, op("s"));
        }
        return dict;
    }

    private void refuses(Path file, String saying) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> TorchDict.open(file, "J", arena))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(saying);
        }
    }

    @Test
    void valuesAndTensorsAreReadByName() {
        byte[] half = join(op("G"), new byte[] {63, -32, 0, 0, 0, 0, 0, 0});
        Path file =
                file(
                        entry("J", numbered(integer(3), text("12"))),
                        entry("n", integer(7)),
                        entry("list", join(op("]"), integer(3), op("a"), integer(12), op("a"))),
                        entry(
                                "more",
                                join(
                                        op("}"),
                                        entry("name", text("gpt2")),
                                        entry("ratio", half),
                                        entry("none", op("N")),
                                        entry("on", op("\u0088")),
                                        entry("nested", op("}")))));
        try (Arena arena = Arena.ofConfined()) {
            TorchDict dict = TorchDict.open(file, "J", arena);
            assertThat(dict.numbers()).containsExactly(3L, 12L);
            assertThat(dict.integer("n")).hasValue(7);
            assertThat(dict.integer("absent")).isEmpty();
            assertThat(dict.integers("list"))
                    .hasValueSatisfying(list -> assertThat(list).containsExactly(3L, 12L));
            assertThat(dict.texts("more"))
                    .hasSize(3)
                    .containsEntry("name", "gpt2")
                    .containsEntry("ratio", "0.5")
                    .containsEntry("on", "true");
            assertThat(dict.texts("absent")).isEmpty();
            Tensor tensor = dict.tensors().require("J.12", 2);
            assertThat(tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(1, 2);
            assertThatThrownBy(() -> dict.integer("list")).hasMessageContaining("holds a list");
            assertThatThrownBy(() -> dict.integers("n"))
                    .hasMessageContaining("should be a list of whole numbers");
        }
    }

    @Test
    void whatIsNoSuchDictIsRefused() {
        refuses(file(), "its entry 'J' is missing");
        refuses(file(entry("J", integer(1))), "its entry 'J' is an integer");
        refuses(file(entry("J", op("}"))), "its entry 'J' holds no tensors");
        refuses(file(entry("J", numbered(text("a")))), "'a' should be the number of a tensor");
        refuses(file(entry("J", numbered(integer(3), text("3")))), "'J.3' is there twice");
        refuses(file(entry("J", numbered(integer(3), integer(3)))), "two entries named '3'");
        refuses(
                file(entry("J", join(op("}"), integer(0), text("x"), op("s")))),
                "'J.0' is a string, but should be a tensor");
        refuses(
                new TorchWriter(pickle(op("]"))).write(directory.resolve("list.pt")),
                "holds a list, but a dict was expected");
    }

    @Test
    void aStateDictHasNamesOnly() {
        Path file = file(integer(0), PAIR, op("s"));
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Checkpoint.ofFile(file, arena))
                    .hasMessageContaining("holds no dict of tensors by name");
        }
    }
}
