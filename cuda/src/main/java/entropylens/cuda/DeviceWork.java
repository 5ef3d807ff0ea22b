package entropylens.cuda;

import entropylens.cuda.driver.CudaModule;
import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Event;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Grid;
import entropylens.cuda.driver.Kernel;
import entropylens.cuda.driver.ScratchMemory;
import entropylens.cuda.driver.Stream;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the passes and the readouts of one device share: compiled kernels, scratch memory, and
/// small vectors that are copied once. Scratch is in order with the GPU's own stream; whoever uses
/// it holds the [#lock].
final class DeviceWork {
    /// Threads of a block of the kernels that go over rows or over all elements.
    private static final int THREADS = 256;

    /// Elements that a thread of a flat kernel should have.
    private static final int PER_THREAD = 4;

    private static final int MOST_BLOCKS = 1 << 18;

    private final Gpu gpu;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, CudaModule> modules = new ConcurrentHashMap<>();
    private final ScratchMemory scratch;
    private final Map<float[], DeviceMemory> vectors = new IdentityHashMap<>();
    private final Map<String, Event[]> events = new HashMap<>();
    private @Nullable Stream second;
    private final Map<String, PassUpload> uploads = new HashMap<>();

    DeviceWork(Gpu gpu) {
        this.gpu = gpu;
        this.scratch = new ScratchMemory(gpu);
    }

    Gpu gpu() {
        return gpu;
    }

    Stream stream() {
        return gpu.stream();
    }

    /// A stream beside the GPU's own, for what readouts do with tiles of logits.
    Stream second() {
        Stream there = second;
        if (there == null) {
            there = gpu.newStream();
            second = there;
        }
        return there;
    }

    /// Two events of a name.
    Event[] events(String name) {
        return events.computeIfAbsent(
                name, n -> new Event[] {gpu.newEvent(false), gpu.newEvent(false)});
    }

    /// What readouts tell the device.
    PassUpload readoutUpload() {
        return upload("readouts");
    }

    /// What routers chose.
    PassUpload routes() {
        return upload("routes");
    }

    /// After which rows tokens are chosen.
    PassUpload choices() {
        return upload("choices");
    }

    private PassUpload upload(String name) {
        return uploads.computeIfAbsent(name, n -> new PassUpload(gpu));
    }

    /// One pass, or one piece of a readout, at a time.
    ReentrantLock lock() {
        return lock;
    }

    /// A kernel of one of our files.
    Kernel kernel(String file, String name) {
        return modules.computeIfAbsent(file, f -> gpu.compile(f + ".cu", KernelSources.of(f)))
                .function(name);
    }

    /// Scratch memory by name, with arbitrary contents; as long as nobody asks for more of it, the
    /// same.
    DeviceMemory scratch(String what, long bytes) {
        return scratch.piece(what, bytes);
    }

    /// Scratch memory for floats.
    ///
    /// @return its address
    long floats(String what, long count) {
        return scratch(what, count * Float.BYTES).address();
    }

    /// Bytes of scratch memory that were taken so far.
    long bytes() {
        return scratch.bytes();
    }

    /// The scratch memory of a name, which is there.
    DeviceMemory memory(String what) {
        return scratch.there(what);
    }

    /// The address of a vector on the device; copied there once. It must not change any more.
    long vector(float[] values) {
        DeviceMemory memory = vectors.get(values);
        if (memory == null) {
            memory = gpu.pool().take((long) values.length * Float.BYTES, "a vector of weights");
            memory.copyFrom(values);
            vectors.put(values, memory);
        }
        return memory.address();
    }

    /// Launches a kernel that goes over `n` elements by itself.
    void flat(Stream stream, String file, String name, long n, Object... arguments) {
        long blocks = Math.clamp(Math.ceilDiv(n, (long) THREADS * PER_THREAD), 1, MOST_BLOCKS);
        kernel(file, name).launch(stream, Grid.of((int) blocks), THREADS, 0, arguments);
    }

    /// The same, in the GPU's own stream.
    void flat(String file, String name, long n, Object... arguments) {
        flat(stream(), file, name, n, arguments);
    }

    /// Launches a kernel with a block for each row.
    void byRow(Stream stream, String file, String name, int rows, Object... arguments) {
        kernel(file, name).launch(stream, Grid.of(rows), THREADS, 0, arguments);
    }

    /// The same, in the GPU's own stream.
    void byRow(String file, String name, int rows, Object... arguments) {
        byRow(stream(), file, name, rows, arguments);
    }

    void launch(String file, String name, Grid grid, int block, int shared, Object... arguments) {
        kernel(file, name).launch(stream(), grid, block, shared, arguments);
    }
}
