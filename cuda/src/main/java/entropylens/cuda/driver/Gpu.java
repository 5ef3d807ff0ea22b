package entropylens.cuda.driver;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One GPU, opened: its memory, kernels, streams and products. Safe to use from several threads;
/// work that is given to one [Stream] is done in its order.
///
/// ```
/// try (Gpu gpu = Gpu.open(0)) {
///     CudaModule module = gpu.compile("norm.cu", source);
///     Kernel kernel = module.function("rms_norm");
///     DeviceMemory x = gpu.allocate(bytes, "the stream");
///     kernel.launch(gpu.stream(), Grid.of(rows), 256, 0, x, rows, eps);
/// }
/// ```
public final class Gpu implements AutoCloseable {
    private static final int MULTIPROCESSORS = 16;
    private static final int L2_BYTES = 38;
    private static final int SHARED_PER_BLOCK_OPT_IN = 97;

    private final Driver driver;
    private final GpuDescription description;
    private final int device;
    private final Map<Integer, Integer> attributes = new ConcurrentHashMap<>();
    private final Stream stream;
    private final Staging staging;
    private final MemoryPool pool;
    private @Nullable Compiler compiler;
    private @Nullable Products products;

    private Gpu(Driver driver, GpuDescription description, int device) {
        this.driver = driver;
        this.description = description;
        this.device = device;
        this.stream = new Stream(driver);
        this.staging = new Staging(driver);
        this.pool = new MemoryPool(this);
    }

    /// Opens a GPU by its number, as `CUDA_VISIBLE_DEVICES` leaves them: 0 is the first.
    ///
    /// @throws CudaException where there is no driver, no such GPU, or they are too old
    public static Gpu open(int ordinal) {
        LibraryFinder finder = LibraryFinder.ofMachine();
        DriverFunctions functions = GpuDescription.initialised(finder);
        List<GpuDescription> all = GpuDescription.all(functions);
        if (ordinal < 0 || ordinal >= all.size()) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    all.isEmpty()
                            ? GpuDescription.NO_GPU
                            : "there is no GPU cuda:%d; this machine has %s"
                                    .formatted(ordinal, GpuDescription.listed(all)));
        }
        GpuDescription description = all.get(ordinal);
        description.requireUsable();
        int device = GpuDescription.handle(functions, ordinal);
        Driver driver = new Driver(functions, finder, device, description.driverVersion());
        try {
            return new Gpu(driver, description, device);
        } catch (RuntimeException | Error e) {
            driver.release();
            throw e;
        }
    }

    /// What is known of it without opening it.
    public GpuDescription description() {
        return description;
    }

    /// In the words of the driver: `NVIDIA H100 80GB HBM3`.
    public String name() {
        return description.name();
    }

    /// What kernels are compiled for: `sm_90`.
    public String architecture() {
        return description.architecture();
    }

    /// Bytes of memory that it has.
    public long totalBytes() {
        return description.totalBytes();
    }

    /// Bytes of memory that nobody uses at the moment.
    public long freeBytes() {
        return driver.freeBytes();
    }

    /// Multiprocessors: as many blocks run at the same time, at least.
    public int multiprocessors() {
        return attribute(MULTIPROCESSORS);
    }

    /// Bytes of the cache that all multiprocessors share.
    public int l2Bytes() {
        return attribute(L2_BYTES);
    }

    /// Bytes of shared memory that one block can have, where a kernel asks for it.
    public int sharedBytesPerBlock() {
        return attribute(SHARED_PER_BLOCK_OPT_IN);
    }

    private int attribute(int attribute) {
        return attributes.computeIfAbsent(
                attribute, a -> GpuDescription.attribute(driver.functions(), device, a));
    }

    /// The stream that work goes to where there is no reason for another.
    public Stream stream() {
        return stream;
    }

    /// A stream beside the first, to be closed by whoever asks.
    public Stream newStream() {
        return new Stream(driver);
    }

    /// An event, to be closed by whoever asks.
    ///
    /// @param timed whether [Event#millisecondsSince] is to be asked
    public Event newEvent(boolean timed) {
        return new Event(driver, timed);
    }

    /// Takes device memory, with arbitrary contents, until it is closed.
    ///
    /// @param what it holds, in the words of a message
    /// @throws CudaException of the kind OUT_OF_MEMORY, with what is needed and what is free
    public DeviceMemory allocate(long bytes, String what) {
        try {
            return new DeviceMemory(driver, staging, stream, bytes, what);
        } catch (CudaException e) {
            if (e.kind() != CudaException.Kind.OUT_OF_MEMORY || !pool.trim()) {
                throw e;
            }
            return new DeviceMemory(driver, staging, stream, bytes, what);
        }
    }

    /// Device memory that is used again and again: what is given back is kept for the next who
    /// asks.
    public MemoryPool pool() {
        return pool;
    }

    /// Host memory that the device reads and writes at full speed, and while Java goes on.
    public PinnedMemory pinned(long bytes) {
        return new PinnedMemory(driver, bytes);
    }

    /// Compiles kernels for this GPU.
    ///
    /// @param name of the source, for messages
    /// @param source CUDA C++ without includes, kernels `extern "C"`
    /// @param options of NVRTC, such as `-DWIDTH=64`
    /// @throws CudaException when libnvrtc is missing, or with the compiler's own messages
    public CudaModule compile(String name, String source, String... options) {
        Compiler open;
        synchronized (this) {
            if (compiler == null) {
                compiler = Compiler.open(driver.finder(), description.driverVersion());
            }
            open = compiler;
        }
        return new CudaModule(driver, name, open.cubin(name, source, architecture(), options));
    }

    /// Matrix products.
    ///
    /// @throws CudaException when libcublasLt is missing
    public synchronized Products products() {
        if (products == null) {
            driver.bind();
            products = new Products(this, ProductFunctions.open(driver.finder(), description));
        }
        return products;
    }

    /// Waits for all that was given to a stream of this GPU's own, and for nothing else.
    public void synchronize() {
        stream.synchronize();
    }

    Driver driver() {
        return driver;
    }

    /// Lets go of everything that was opened here; memory, modules and streams that are still open
    /// go with the context.
    @Override
    public synchronized void close() {
        if (driver.isReleased()) {
            return;
        }
        if (products != null) {
            products.close();
        }
        pool.close();
        stream.close();
        driver.release();
    }

    @Override
    public String toString() {
        return description.toString();
    }
}
