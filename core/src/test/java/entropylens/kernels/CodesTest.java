package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every code, in runs across the width of a vector, against its definition.
class CodesTest {
    private final Random random = new Random(1);
    private final byte[] bytes = new byte[4096];
    private final MemorySegment data = MemorySegment.ofArray(bytes);
    private final float[] table = new float[20];

    CodesTest() {
        random.nextBytes(bytes);
        for (int i = 0; i < table.length; i++) {
            table[i] = random.nextFloat() - 0.5f;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 257})
    void fourBitsAreLookedUp(int count) {
        for (boolean highFirst : new boolean[] {false, true}) {
            for (int first = 0; first < 4; first++) {
                float[] to = new float[count + 4];
                Codes.nibbles(data, first, count, highFirst, table, 3, to, 2);
                for (int i = 0; i < count; i++) {
                    int pair = bytes[(first + i) / 2];
                    boolean high = (first + i) % 2 == (highFirst ? 0 : 1);
                    assertThat(to[2 + i]).isEqualTo(table[3 + ((high ? pair >> 4 : pair) & 15)]);
                }
                assertThat(to[count + 2]).as("beyond the run").isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 17})
    void wordsMayLieApart(int count) {
        float[] to = new float[8 * count + 1];
        Codes.words(data, 3, 20, count, false, table, 1, to, 0);
        for (int i = 0; i < 8 * count; i++) {
            int pair = bytes[3 + 20 * (i / 8) + i % 8 / 2];
            assertThat(to[i]).isEqualTo(table[1 + ((i % 2 == 0 ? pair : pair >> 4) & 15)]);
        }
        assertThat(to[8 * count]).as("beyond the run").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 28})
    void oneCodeOfEachWordIsLookedUp(int shift) {
        int[] words = random.ints(100).toArray();
        for (int count : new int[] {0, 1, 15, 16, 17, 90}) {
            float[] to = new float[count + 1];
            Codes.oneOfEach(words, 5, count, shift, table, 2, to, 0);
            for (int i = 0; i < count; i++) {
                assertThat(to[i]).isEqualTo(table[2 + ((words[5 + i] >>> shift) & 15)]);
            }
            assertThat(to[count]).as("beyond the run").isZero();
        }
    }

    /// All 256, at every place of a vector.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 15})
    void floatsOfEightBitsHaveTheirValues(int offset) {
        for (int i = 0; i < 256; i++) {
            bytes[offset + i] = (byte) i;
        }
        float[] to = new float[256];
        Codes.e4m3(data, offset, 256, 3, to, 0);
        for (int code = 0; code < 256; code++) {
            int exponent = code >> 3 & 15;
            double fraction = (code & 7) / 8.0;
            double size =
                    exponent == 0
                            ? fraction * Math.pow(2, -6)
                            : (1 + fraction) * Math.pow(2, exponent - 7);
            float value = (float) (3 * ((code & 0x80) == 0 ? size : -size));
            Float expected = (code & 0x7F) == 0x7F ? Float.NaN : value;
            assertThat(to[code]).as("code %d", code).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 40})
    void integersOfEightBitsAreScaled(int count) {
        float[] to = new float[count + 1];
        Codes.int8(data, 1, count, -7, 0.3f, to, 0);
        for (int i = 0; i < count; i++) {
            assertThat(to[i]).isEqualTo((bytes[1 + i] + 7) * 0.3f);
        }
        assertThat(to[count]).as("beyond the run").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 1000})
    void valuesAreRoundedToTheNearestBf16(int count) {
        float[] values = new float[count + 1];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        values[0] = Float.NaN;
        values[count] = 1.2345678f;
        float[] rounded = values.clone();
        Codes.roundToBf16(rounded, 0, count);
        assertThat(rounded[count]).as("beyond the run").isEqualTo(values[count]);
        for (int i = 0; i < count; i++) {
            float low = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xFFFF0000);
            float high = Float.intBitsToFloat((Float.floatToRawIntBits(values[i]) | 0xFFFF) + 1);
            double below = Math.abs((double) values[i] - low);
            double above = Math.abs((double) values[i] - high);
            boolean even = (Float.floatToRawIntBits(low) & 0x10000) == 0;
            boolean down = below < above || (below == above && even);
            float expected = Float.isNaN(values[i]) ? Float.NaN : down ? low : high;
            if (Float.isFinite(high) && Float.isFinite(low)) {
                assertThat(rounded[i]).isEqualTo(expected);
            }
        }
        assertThat(rounded[0]).isNaN();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 100_000})
    void valuesAreRoundedToTheNearestF16(int count) {
        float[] values = new float[count + 1];
        for (int i = 0; i < count; i++) {
            // of all sizes, most of them within float16's, some halfway between two of it
            int bits = random.nextInt() & (i % 3 == 0 ? 0xFFFFF000 : -1);
            int exponent = 127 + random.nextInt(-30, 18);
            values[i] =
                    Float.intBitsToFloat(i % 50 == 0 ? bits : bits & 0x807FFFFF | exponent << 23);
        }
        values[count] = 1.2345678f;
        float[] rounded = values.clone();
        Codes.roundToF16(rounded, 0, count);
        for (int i = 0; i < count; i++) {
            float expected = Float.float16ToFloat(Float.floatToFloat16(values[i]));
            if (Float.floatToIntBits(rounded[i]) != Float.floatToIntBits(expected)) {
                assertThat(rounded[i]).as("of %s", values[i]).isEqualTo((Float) expected);
            }
        }
        assertThat(rounded[count]).as("beyond the run").isEqualTo(values[count]);
    }

    @ParameterizedTest
    @ValueSource(ints = {-16, 0, 8, 24})
    void tablesOfSixteenAreFilled(int zero) {
        float[] to = new float[18];
        Codes.steps(zero, 0.3f, to, 1);
        float[] scaled = new float[18];
        Codes.scaled(table, 0.7f, scaled, 1);
        for (int code = 0; code < 16; code++) {
            assertThat(to[1 + code]).isEqualTo((code - zero) * 0.3f);
            assertThat(scaled[1 + code]).isEqualTo(table[code] * 0.7f);
        }
        assertThat(to[17] + scaled[17]).as("beyond the table").isZero();
    }
}
