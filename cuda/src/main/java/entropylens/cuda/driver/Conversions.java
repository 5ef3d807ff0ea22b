package entropylens.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Copies numbers on the device from one type to another. Widening is exact; rounding is to
/// nearest, ties to even.
public final class Conversions {
    private static final int THREADS = 256;

    /// Numbers that one thread converts at a time.
    private static final int PER_THREAD = 8;

    private static final int MOST_BLOCKS_Y = 65_535;

    private final CudaModule module;

    Conversions(Gpu gpu) {
        this.module = gpu.compile("convert.cu", source(Conversions.class, "convert.cu"));
    }

    /// A source beside a class.
    ///
    /// @throws IllegalStateException when it is not there
    public static String source(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Converts `rows × columns` numbers.
    ///
    /// @param fromStride numbers from one row to the next
    public void convert(
            Stream stream,
            long from,
            DataType fromType,
            long to,
            DataType toType,
            long rows,
            long columns,
            long fromStride,
            long toStride) {
        int blocksX = (int) Math.ceilDiv(columns, (long) THREADS * PER_THREAD);
        int blocksY = (int) Math.min(rows, MOST_BLOCKS_Y);
        module.function(kernel(fromType, toType))
                .launch(
                        stream,
                        Grid.of(blocksX, blocksY),
                        THREADS,
                        0,
                        from,
                        to,
                        rows,
                        columns,
                        fromStride,
                        toStride);
    }

    private static String kernel(DataType from, DataType to) {
        if (from == to) {
            throw new IllegalArgumentException("nothing to convert: both are " + from);
        }
        return name(from) + "_to_" + name(to);
    }

    private static String name(DataType type) {
        return switch (type) {
            case FLOAT32 -> "f32";
            case FLOAT16 -> "f16";
            case BFLOAT16 -> "bf16";
        };
    }
}
