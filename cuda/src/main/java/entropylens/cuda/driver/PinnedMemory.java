package entropylens.cuda.driver;

import java.lang.foreign.MemorySegment;

/// Host memory that stays where it is, so that the device copies to and from it by itself.
public final class PinnedMemory implements AutoCloseable {
    private final Driver driver;
    private final MemorySegment segment;

    @SuppressWarnings("restricted") // the driver says how long it is by giving it
    PinnedMemory(Driver driver, long bytes) {
        this.driver = driver;
        long address = driver.longOf(driver.functions().memAllocHost, bytes);
        driver.opened(address, driver.functions().memFreeHost);
        this.segment = MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// The memory itself.
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        driver.close(segment.address());
    }
}
