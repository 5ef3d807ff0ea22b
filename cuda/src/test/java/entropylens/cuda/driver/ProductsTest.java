package entropylens.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.cuda.Emulation;
import entropylens.kernels.Precision;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Products and conversions on the emulated device, against float64.
class ProductsTest {
    /// Of the largest element, where nothing but the inputs is rounded: to 8 bits, and sums of 70
    /// products in float32. Seen: 1.8e-3.
    private static final double BFLOAT16 = 4e-3;

    /// The same of 11 bits, which are those of float16 and TF32. Seen: 2.8e-4.
    private static final double HALF = 6e-4;

    /// The same, where nothing is rounded but sums. Seen: 1.03e-7.
    private static final double FLOAT32 = 2.5e-7;

    /// Of sums of 40 products, by how many of these bounds they differ. Seen: 7.4, 6 and 5.1 times.
    private static final double TIMES_OF_SUMS = 15;

    private static Gpu gpu;

    @BeforeAll
    static void open() {
        Emulation.require();
        gpu = Gpu.open(0);
    }

    @AfterAll
    static void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private static float[] numbers(int count, int seed) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static short[] stored(float[] numbers, DataType type) {
        short[] halves = new short[numbers.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] =
                    type == DataType.FLOAT16
                            ? Float.floatToFloat16(numbers[i])
                            : (short) (Float.floatToRawIntBits(numbers[i]) >>> 16);
        }
        return halves;
    }

    private static float widened(short half, DataType type) {
        return type == DataType.FLOAT16
                ? Float.float16ToFloat(half)
                : Float.intBitsToFloat(half << 16);
    }

    /// Weights on the device, and what they are in float32.
    private record Stored(DeviceMemory memory, float[] values) {
        static Stored of(int count, DataType type) {
            float[] numbers = numbers(count, 1);
            DeviceMemory memory = gpu.allocate((long) count * type.bytes(), "weights");
            if (type == DataType.FLOAT32) {
                memory.copyFrom(numbers);
                return new Stored(memory, numbers);
            }
            short[] halves = stored(numbers, type);
            memory.copyFrom(MemorySegment.ofArray(halves), 0);
            for (int i = 0; i < count; i++) {
                numbers[i] = widened(halves[i], type);
            }
            return new Stored(memory, numbers);
        }
    }

    private static double bound(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> FLOAT32;
            case TF32, FLOAT16 -> HALF;
            case BFLOAT16 -> BFLOAT16;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, FLOAT32, true", "FLOAT32, BFLOAT16, true", "FLOAT32, FLOAT16, false",
        "FLOAT32, BFLOAT16, false", "TF32, FLOAT32, true", "TF32, FLOAT16, true",
        "BFLOAT16, BFLOAT16, true", "BFLOAT16, FLOAT16, false", "BFLOAT16, FLOAT32, true",
        "FLOAT16, FLOAT16, false", "FLOAT16, BFLOAT16, true", "FLOAT16, FLOAT32, false"
    })
    void everyPrecisionMultipliesEveryType(Precision precision, DataType type, boolean outIn) {
        int outputs = 37;
        int inputs = 70;
        int rows = 5;
        Stored weights = Stored.of(outputs * inputs, type);
        float[] x = numbers(rows * inputs, 2);
        float[] before = numbers(rows * outputs, 3);
        float[] y = new float[rows * outputs];
        try (weights.memory;
                DeviceMemory from = gpu.allocate(4L * x.length, "x");
                DeviceMemory to = gpu.allocate(4L * y.length, "y")) {
            from.copyFrom(x);
            to.copyFrom(before);
            Operand operand = Operand.dense(weights.memory, type, outputs, inputs, outIn);
            gpu.products()
                    .multiply(
                            gpu.stream(),
                            precision,
                            operand,
                            from.address(),
                            rows,
                            to.address(),
                            outputs,
                            true);
            to.copyTo(y);
        }
        double worst = 0;
        double largest = 0;
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                double sum = before[r * outputs + o];
                for (int i = 0; i < inputs; i++) {
                    int at = outIn ? o * inputs + i : i * outputs + o;
                    sum += (double) weights.values[at] * x[r * inputs + i];
                }
                worst = Math.max(worst, Math.abs(sum - y[r * outputs + o]));
                largest = Math.max(largest, Math.abs(sum));
            }
        }
        assertThat(worst / largest).isLessThan(bound(precision));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void columnsAreTheSameProductsTheOtherWayRound(Precision precision) {
        int outputs = 33;
        int inputs = 40;
        int rows = 6;
        int stride = 16;
        Stored weights = Stored.of(outputs * inputs, DataType.BFLOAT16);
        float[] x = numbers(rows * inputs, 2);
        float[] y = new float[outputs * stride];
        try (weights.memory;
                DeviceMemory from = gpu.allocate(4L * x.length, "x");
                DeviceMemory to = gpu.allocate(4L * y.length, "y")) {
            from.copyFrom(x);
            to.zero();
            Operand operand =
                    Operand.dense(weights.memory, DataType.BFLOAT16, outputs, inputs, true);
            gpu.products()
                    .columns(
                            gpu.stream(),
                            precision,
                            operand,
                            from.address(),
                            rows,
                            to.address(),
                            stride);
            to.copyTo(y);
        }
        for (int o = 0; o < outputs; o++) {
            for (int r = 0; r < stride; r++) {
                double sum = 0;
                for (int i = 0; r < rows && i < inputs; i++) {
                    sum += (double) weights.values[o * inputs + i] * x[r * inputs + i];
                }
                assertThat(Math.abs(sum - y[o * stride + r]))
                        .isLessThan(TIMES_OF_SUMS * bound(precision));
            }
        }
    }

    @Test
    void descriptorsAreGivenBackWithTheGpu() {
        long before = Emulation.descriptors();
        try (Gpu one = Gpu.open(0);
                DeviceMemory memory = one.allocate(3 * 64, "three matrices of 4 × 4")) {
            memory.zero();
            Operand weights = Operand.dense(memory, DataType.FLOAT32, 4, 4, true);
            long x = memory.address() + 64;
            one.products()
                    .multiply(one.stream(), Precision.FLOAT32, weights, x, 4, x + 64, 4, false);
            assertThat(Emulation.descriptors()).isEqualTo(before + 4);
        }
        assertThat(Emulation.descriptors()).isEqualTo(before);
    }

    @Test
    void everyFloat16AndBfloat16WidensToItself() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        for (DataType type : new DataType[] {DataType.FLOAT16, DataType.BFLOAT16}) {
            float[] wide = converted(MemorySegment.ofArray(all), type, all.length);
            for (int i = 0; i < all.length; i++) {
                float expected = widened(all[i], type);
                assertThat(Float.isNaN(wide[i])).isEqualTo(Float.isNaN(expected));
                if (!Float.isNaN(expected)) {
                    assertThat(Float.floatToRawIntBits(wide[i]))
                            .isEqualTo(Float.floatToRawIntBits(expected));
                }
            }
        }
    }

    private static float[] converted(MemorySegment numbers, DataType type, int count) {
        float[] wide = new float[count];
        try (DeviceMemory from = gpu.allocate(numbers.byteSize(), "numbers");
                DeviceMemory to = gpu.allocate(4L * count, "wide numbers")) {
            from.copyFrom(numbers, 0);
            gpu.products()
                    .conversions()
                    .convert(
                            gpu.stream(),
                            from.address(),
                            type,
                            to.address(),
                            DataType.FLOAT32,
                            1,
                            count,
                            count,
                            count);
            to.copyTo(wide);
        }
        return wide;
    }

    @Test
    void roundingToFloat16IsThatOfJava() {
        // every size of exponent, ties among them: 11 and 12 bits of fraction
        float[] numbers = new float[4 * 4096];
        for (int i = 0; i < numbers.length; i++) {
            int exponent = 90 + i % 60;
            int sign = i & 1;
            numbers[i] = Float.intBitsToFloat(sign << 31 | exponent << 23 | (i >> 1 & 0xfff) << 11);
        }
        short[] rounded = new short[numbers.length];
        try (DeviceMemory from = gpu.allocate(4L * numbers.length, "numbers");
                DeviceMemory to = gpu.allocate(2L * numbers.length, "halves")) {
            from.copyFrom(numbers);
            gpu.products()
                    .conversions()
                    .convert(
                            gpu.stream(),
                            from.address(),
                            DataType.FLOAT32,
                            to.address(),
                            DataType.FLOAT16,
                            4,
                            4096,
                            4096,
                            4096);
            to.copyTo(MemorySegment.ofArray(rounded), 0);
        }
        for (int i = 0; i < numbers.length; i++) {
            assertThat(rounded[i]).as("%s", numbers[i]).isEqualTo(Float.floatToFloat16(numbers[i]));
        }
    }
}
