package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Worst;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Blocks decoded as `gguf.quants.dequantize` decodes them, bit for bit; the expectations are made
/// by tools/gguf_blocks.py.
class BlockFormatTest {
    private static final Path GOLDENS = Path.of("src/test/resources/gguf/blocks.json");
    private static final int NAN = 0x7fc00000;

    static List<JsonNode> goldens() {
        JsonNode all = JsonMapper.shared().readTree(GOLDENS.toFile());
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    @Test
    void everyFormatHasAGolden() {
        assertThat(goldens().stream().map(golden -> golden.get("format").asString()))
                .containsExactlyElementsOf(
                        Arrays.stream(BlockFormat.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void decodesToTheBitsOfTheReference(JsonNode golden) throws Exception {
        BlockFormat format = BlockFormat.valueOf(golden.get("format").asString());
        byte[] blocks = Base64.getDecoder().decode(golden.get("blocks").asString());
        assertThat(format.weights()).isEqualTo(golden.get("weights").asInt());
        assertThat(format.bytes()).isEqualTo(golden.get("bytes").asInt());
        int[] bits = decode(format, blocks);
        int half = bits.length / 2;
        for (int i = 0; i < 2; i++) {
            int[] first = Arrays.copyOfRange(bits, i * half, i * half + format.weights());
            assertThat(first)
                    .as("block %d", i * half / format.weights())
                    .isEqualTo(ints(golden, i));
        }
        assertThat(sha256(bits)).isEqualTo(golden.get("sha256").asString());
    }

    private static int[] ints(JsonNode golden, int which) {
        return StreamSupport.stream(golden.get("first").get(which).spliterator(), false)
                .mapToInt(bits -> (int) bits.asLong())
                .toArray();
    }

    private static int[] decode(BlockFormat format, byte[] blocks) {
        int count = blocks.length / format.bytes();
        float[] weights = new float[count * format.weights()];
        format.decode(MemorySegment.ofArray(blocks), 0, count, weights, 0);
        int[] bits = new int[weights.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.isNaN(weights[i]) ? NAN : Float.floatToRawIntBits(weights[i]);
        }
        return bits;
    }

    private static String sha256(int[] bits) throws Exception {
        ByteBuffer bytes =
                ByteBuffer.allocate(bits.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(bits);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }

    @ParameterizedTest
    @EnumSource
    void anyRunOfBlocksIsDecodedLikeTheWhole(BlockFormat format) {
        int blocks = 2 * 8192 / format.bytes() + 3; // more than is copied at once
        byte[] bytes = new byte[7 + blocks * format.bytes()];
        new java.util.Random(5).nextBytes(bytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(bytes.length);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, data, 0, bytes.length);
            float[] whole = new float[blocks * format.weights()];
            format.decode(data, 7, blocks, whole, 0);
            for (int first : new int[] {0, 1, blocks / 2, blocks - 1}) {
                float[] run = new float[5 + format.weights()];
                format.decode(data, 7 + (long) first * format.bytes(), 1, run, 5);
                assertThat(Arrays.copyOfRange(run, 5, run.length))
                        .isEqualTo(
                                Arrays.copyOfRange(
                                        whole,
                                        first * format.weights(),
                                        (first + 1) * format.weights()));
            }
        }
    }

    /// Relative to the sizes of an output's terms. Worst seen: Q4_0, 2.1e-8 with vectors of 16
    /// floats, 2.6e-8 with vectors of 8; doubled.
    private static final double PRODUCT = 5.2e-8;

    @ParameterizedTest
    @EnumSource
    void productsWithoutDecodingAgreeWithFloat64(BlockFormat format) {
        int rows = 5;
        int inputs = 3 * 256;
        long rowBytes = format.bytes((long) inputs);
        byte[] bytes = new byte[(int) (rows * rowBytes)];
        new java.util.Random(6).nextBytes(bytes);
        for (int at = 0; at < bytes.length; at += format.bytes()) {
            setScales(format, bytes, at);
        }
        float[] x = Noise.floats(inputs, 7);
        Worst worst = new Worst(format + " without decoding (relative to its terms)");
        float[] y = new float[2 + rows - 1];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(bytes.length);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, data, 0, bytes.length);
            boolean done = format.multiply(data, row -> row * rowBytes, 1, rows, x, y, 2);
            assertThat(done).isEqualTo(BlockDots.knows(format));
            float[] weights = new float[inputs];
            for (int row = 1; done && row < rows; row++) {
                format.decode(data, row * rowBytes, inputs / format.weights(), weights, 0);
                double sum = 0;
                double size = 0;
                for (int i = 0; i < inputs; i++) {
                    sum += (double) weights[i] * x[i];
                    size += Math.abs((double) weights[i] * x[i]);
                }
                int at = row;
                worst.see(y[2 + row - 1], sum, size, () -> format + ", row " + at);
            }
        }
        worst.requireWithin(PRODUCT);
    }

    /// Scales of some size, where the format has its float16; others stay random.
    private static void setScales(BlockFormat format, byte[] bytes, int at) {
        int[] places =
                switch (format) {
                    case Q8_0, Q4_0 -> new int[] {0};
                    case Q4_K -> new int[] {0, 2};
                    case Q6_K -> new int[] {208};
                    default -> new int[0];
                };
        for (int place : places) {
            short half = Float.floatToFloat16(0.01f + (at % 97) / 97f);
            bytes[at + place] = (byte) half;
            bytes[at + place + 1] = (byte) (half >> 8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatEndsTooEarlyIsNotDecoded(BlockFormat format) {
        MemorySegment data = MemorySegment.ofArray(new byte[2 * format.bytes() - 1]);
        float[] to = new float[2 * format.weights()];
        assertThatThrownBy(() -> format.decode(data, 0, 2, to, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> format.decode(data, 0, 1, to, to.length - 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        format.decode(data, 0, 0, to, 0);
    }

    @Test
    void bytesAreThoseOfWholeBlocks() {
        assertThat(BlockFormat.Q4_K.bytes(512L)).isEqualTo(288);
        assertThatThrownBy(() -> BlockFormat.Q4_K.bytes(500L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500 weights are no whole number of Q4_K blocks of 256");
    }
}
