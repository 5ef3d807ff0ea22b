package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir Path directory;
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void closeArena() {
        arena.close();
    }

    private SafetensorsFile open(byte[] bytes) {
        Path file = SafetensorsWriter.write(directory.resolve("model.safetensors"), bytes);
        return SafetensorsFile.open(file, arena);
    }

    /// Single quotes stand for double ones.
    private SafetensorsFile open(String header, int dataBytes) {
        return open(SafetensorsWriter.raw(header.replace('\'', '"'), new byte[dataBytes]));
    }

    private void refuses(byte[] bytes, String... saying) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors")
                .satisfies(e ->
                        assertThat(List.of(saying))
                                .allSatisfy(part -> assertThat(e).hasMessageContaining(part)));
    }

    @Test
    void valuesAreReadFromTheMapping() {
        var file =
                open(
                        new SafetensorsWriter()
                                .counting("odd", DType.U8, 0, 3)
                                .f32("w", new long[] {2, 2}, 1, -2.5f, 3, Float.NaN)
                                .bytes());
        Tensor w = file.tensors().get("w");
        assertThat(w.shape()).containsExactly(2L, 2L);
        assertThat(w.elements()).isEqualTo(4);
        assertThat(w.data().isMapped()).isTrue();
        assertThat(w.data().isReadOnly()).isTrue();
        assertThat(w.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4)).isEqualTo(-2.5f);
        assertThat(w.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 12)).isNaN();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyTypeOfTheFormatIsMapped(DType dtype) {
        Tensor tensor =
                open(new SafetensorsWriter().counting("t", dtype, 1, 2, 3).bytes())
                        .tensors()
                        .get("t");
        assertThat(tensor.dtype()).isEqualTo(dtype);
        assertThat(tensor.data().byteSize()).isEqualTo(6L * dtype.bytes());
    }

    @Test
    void scalarsAndEmptyTensorsAreLegal() {
        var tensors =
                open(new SafetensorsWriter()
                                .counting("before", DType.F16, 0, 0, 7)
                                .counting("scalar", DType.BF16, 0)
                                .counting("between", DType.F32, 0, 3, 0)
                                .counting("list", DType.F32, 9, 2)
                                .counting("after", DType.I64, 0, 0)
                                .bytes())
                        .tensors();
        assertThat(tensors).hasSize(5);
        assertThat(tensors.get("scalar").elements()).isEqualTo(1);
        assertThat(tensors.get("between").data().byteSize()).isZero();
        assertThat(tensors.get("list").data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
    }

    @Test
    void entriesMayComeInAnyOrder() {
        var file =
                open(
                        "{'b':{'shape':[1],'data_offsets':[1,2],'dtype':'U8'},'a':{'data_offsets':[0,1],'dtype':'U8','shape':[1]}}  ",
                        2);
        assertThat(file.tensors().keySet()).containsExactly("a", "b");
    }

    @Test
    void aTensorIsGoneWithItsArena() {
        Tensor tensor;
        try (Arena short_ = Arena.ofConfined()) {
            Path path =
                    new SafetensorsWriter()
                            .counting("t", DType.U8, 1, 2)
                            .write(directory.resolve("model.safetensors"));
            tensor = SafetensorsFile.open(path, short_).tensors().get("t");
        }
        assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void aFileWithoutALengthIsRefused(int size) {
        refuses(new byte[size], "has " + size + " bytes", "download it again");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 3, 1L << 40})
    void aHeaderLengthThatCannotBeIsRefused(long length) {
        byte[] bytes =
                ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
        refuses(bytes, "header a length of " + Long.toUnsignedString(length), "10 bytes");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] good =
                new SafetensorsWriter()
                        .counting("a", DType.F32, 0, 3)
                        .counting("b", DType.U8, 0, 5)
                        .bytes();
        for (int length = 0; length < good.length; length++) {
            refuses(Arrays.copyOf(good, length));
        }
        refuses(Arrays.copyOf(good, good.length + 1), "end at offset 17", "holds 18 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                                | not a JSON object from '{' to '}'
                    {                                                 | not a JSON object from '{' to '}'
                    `\u000b{}`                                       | not a JSON object from '{' to '}'
                    {'a':}                                            | not valid JSON
                    {} {}                                             | goes on after its closing '}'
                    {'a':1}                                           | tensor 'a' must be described by an object, but is 1
                    {'a':null}                                        | tensor 'a' must be described by an object, but is null
                    {'a':[]}                                          | tensor 'a': dtype must be a string, but is ]
                    {'a':{}}                                          | tensor 'a' needs a dtype, a shape and two data_offsets
                    {'a':{'dtype':'U8','shape':[4]}}                  | tensor 'a' needs a dtype, a shape and two data_offsets
                    {'a':{'dtype':'U8','data_offsets':[0,4]}}         | tensor 'a' needs a dtype, a shape and two data_offsets
                    {'a':{'shape':[4],'data_offsets':[0,4]}}          | tensor 'a' needs a dtype, a shape and two data_offsets
                    {'a':{'dtype':'U8','shape':[4],'data_offsets':[4]}}       | two data_offsets
                    {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4,4]}}   | tensor 'a': data_offsets holds more than 2 numbers
                    {'a':['U8',[4],[0,4],1]}                          | tensor 'a' must be described by [dtype, shape, data_offsets], but is 1
                    {'a':{'dtype':8,'shape':[4],'data_offsets':[0,4]}}        | tensor 'a': dtype must be a string, but is 8
                    {'a':{'dtype':'U9','shape':[4],'data_offsets':[0,4]}}     | tensor 'a' has the dtype 'U9', which this program does not know; known are BOOL, U8
                    {'a':{'dtype':'U8','shape':4,'data_offsets':[0,4]}}       | tensor 'a': shape must be a list of integers, but is 4
                    {'a':{'dtype':'U8','shape':['4'],'data_offsets':[0,4]}}   | tensor 'a': shape must hold integers
                    {'a':{'dtype':'U8','shape':[4.0],'data_offsets':[0,4]}}   | tensor 'a': shape must hold integers of at most 63 bits, but holds 4.0
                    {'a':{'dtype':'U8','shape':[[4]],'data_offsets':[0,4]}}   | tensor 'a': shape must hold integers
                    {'a':{'dtype':'U8','shape':[-4],'data_offsets':[0,4]}}    | tensor 'a': shape holds the negative number -4
                    {'a':{'dtype':'U8','shape':[-2,-2],'data_offsets':[0,4]}} | tensor 'a': shape holds the negative number -2
                    {'a':{'dtype':'U8','shape':[9223372036854775808],'data_offsets':[0,4]}} | at most 63 bits
                    {'a':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,4]}} | tensor 'a' has the shape [4294967296, 4294967296], which overflows
                    {'a':{'dtype':'F64','shape':[1152921504606846976],'data_offsets':[0,4]}} | which overflows
                    {'a':{'dtype':'U8','shape':[4],'data_offsets':[4,0]}}     | tensor 'a' lies at offsets 4..0
                    {'a':{'dtype':'U8','shape':[4],'data_offsets':[-1,3]}}    | tensor 'a': data_offsets holds the negative number -1
                    {'a':{'dtype':'U8','shape':[5],'data_offsets':[0,5]}}     | tensor 'a' lies at offsets 0..5, but the file has room for 0..4
                    {'a':{'dtype':'F16','shape':[3],'data_offsets':[0,4]}}    | tensor 'a' is F16[3] and needs 6 bytes, but the header gives it 4 (offsets 0..4)
                    {'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]}}     | the tensors end at offset 3, but the file holds 4 bytes of data
                    {'a':{'dtype':'U8','shape':[3],'data_offsets':[1,4]}}     | tensor 'a' begins at offset 1, but the one before it ends at 0: there is a hole
                    {'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | tensor 'b' begins at offset 2, but the one before it ends at 3: they overlap
                    {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'a':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | tensor 'a' begins at offset 2, but the one before it ends at 0: there is a hole
                    {'a':{'dtype':'U8','dtype':'U8','shape':[4],'data_offsets':[0,4]}} | tensor 'a': dtype is there twice
                    {'__metadata__':{'format':1}}                     | __metadata__['format'] must be a string
                    {'__metadata__':null,'__metadata__':{}}           | __metadata__ is there twice
                    {'__metadata__':[]}                               | __metadata__ must be an object of strings
                    {}                                                | the tensors end at offset 0
                    """)
    void aDamagedHeaderIsRefusedByItsReason(String header, String reason) {
        refuses(SafetensorsWriter.raw(header.replace('\'', '"'), new byte[4]), reason);
    }

    @Test
    void onlyWhiteSpaceMayStandAroundTheHeader() {
        for (String space : new String[] {"   ", "\n", "\t", "  \r\n  "}) {
            open("{}" + space, 0);
            open(space + "{}", 0);
        }
        for (String rest : new String[] {"\0", "x", "\u000b", "\uFEFF"}) {
            refuses(SafetensorsWriter.raw("{}" + rest, new byte[0]), "white space around it");
            refuses(SafetensorsWriter.raw(rest + "{}", new byte[0]), "white space around it");
        }
    }

    /// Each is read by safetensors 0.8.0 from Python.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'__metadata__':null,'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}",
                "{'__metadata__':{'k':'1','k':'2'},'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}",
                "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4],'x':{'y':[1,[2]]}}}",
                "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}",
                "{'a':['U8',[4],[0,4]]}"
            })
    void whatTheSafetensorsLibraryReadsIsRead(String header) {
        assertThat(open(header, 4).tensors().get("a").shape()).containsExactly(4L);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() {
        byte[] bytes = SafetensorsWriter.raw("{\"aXYa\":{}}", new byte[0]);
        bytes[8 + 3] = (byte) 0xC0; // an overlong NUL
        bytes[8 + 4] = (byte) 0x80;
        refuses(bytes, "it is not UTF-8 text");
        byte[] utf16 = "{\"a\":{}}".getBytes(StandardCharsets.UTF_16LE);
        byte[] file = ByteBuffer.allocate(8 + utf16.length).put(8, utf16).array();
        file[0] = (byte) utf16.length;
        refuses(file);
    }

    @Test
    void aNestingBombIsRefusedWithoutAStackOverflow() {
        refuses(SafetensorsWriter.raw("{\"a\":" + "[".repeat(1_000_000) + "}", new byte[0]));
        refuses(
                SafetensorsWriter.raw(
                        "{\"a\":{\"shape\":" + "[".repeat(1_000_000) + "}", new byte[0]));
        refuses(SafetensorsWriter.raw("{\"a\":".repeat(300_000) + "}", new byte[0]));
    }

    @Test
    void aDirectoryIsNotAFileOfWeights() throws Exception {
        Path nested = Files.createDirectory(directory.resolve("model.safetensors"));
        assertThatThrownBy(() -> SafetensorsFile.open(nested, arena))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors: is not a file");
    }
}
