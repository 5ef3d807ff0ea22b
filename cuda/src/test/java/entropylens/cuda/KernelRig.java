package entropylens.cuda;

import entropylens.cuda.driver.CudaModule;
import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Grid;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Runs single kernels on arrays of the host. What a kernel does not write stays NaN in the
/// emulation.
final class KernelRig implements AutoCloseable {
    private final Gpu gpu;
    private final Map<String, CudaModule> modules = new HashMap<>();

    KernelRig() {
        Emulation.require();
        gpu = Gpu.open(0);
    }

    void run(String module, String kernel, Grid grid, int block, int shared, Object... arguments) {
        modules.computeIfAbsent(module, name -> gpu.compile(name, KernelSources.of(name)))
                .function(kernel)
                .launch(gpu.stream(), grid, block, shared, arguments);
    }

    void synchronize() {
        gpu.synchronize();
    }

    DeviceMemory allocate(long bytes) {
        return gpu.allocate(bytes, "test");
    }

    DeviceMemory of(float... values) {
        DeviceMemory memory = allocate(4L * values.length);
        memory.copyFrom(values);
        return memory;
    }

    DeviceMemory of(int... values) {
        DeviceMemory memory = allocate(4L * values.length);
        memory.copyFrom(values);
        return memory;
    }

    DeviceMemory of(long... values) {
        DeviceMemory memory = allocate(8L * values.length);
        memory.copyFrom(values);
        return memory;
    }

    float[] floats(DeviceMemory memory, int count) {
        float[] values = new float[count];
        memory.copyTo(values);
        return values;
    }

    int[] ints(DeviceMemory memory, int count) {
        int[] values = new int[count];
        memory.copyTo(values);
        return values;
    }

    double[] doubles(DeviceMemory memory, int count) {
        double[] values = new double[count];
        memory.copyTo(values);
        return values;
    }

    /// Normal numbers.
    static float[] noise(int count, double scale, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    @Override
    public void close() {
        gpu.close();
    }
}
