package entropylens.cuda.driver;

/// A queue of work for a GPU: what is given to it is done in order, while Java goes on.
public final class Stream implements AutoCloseable {
    /// `CU_STREAM_NON_BLOCKING`: it does not wait for the legacy default stream.
    private static final int NON_BLOCKING = 1;

    private final Driver driver;
    private final long handle;

    Stream(Driver driver) {
        this.driver = driver;
        this.handle = driver.longOf(driver.functions().streamCreate, NON_BLOCKING);
        driver.opened(handle, driver.functions().streamDestroy);
    }

    long handle() {
        return handle;
    }

    /// Waits until all that was given to it is done.
    ///
    /// @throws CudaException when some of it failed
    public void synchronize() {
        driver.bind();
        NativeFunction function = driver.functions().streamSynchronize;
        int status;
        try {
            status = (int) function.handle().invokeExact(handle);
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    /// What is given to it from now on waits for an event of another stream.
    public void await(Event event) {
        driver.bind();
        NativeFunction function = driver.functions().streamWaitEvent;
        int status;
        try {
            status = (int) function.handle().invokeExact(handle, event.handle(), 0);
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    @Override
    public void close() {
        driver.close(handle);
    }
}
