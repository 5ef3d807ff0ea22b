package entropylens.cuda.driver;

import entropylens.kernels.DeviceException;

/// A GPU that cannot be used, or a call to NVIDIA's libraries that failed.
public final class CudaException extends DeviceException {
    private static final long serialVersionUID = 1;

    /// What went wrong, as far as it makes a difference to what can be done next.
    public enum Kind {
        /// No GPU, no driver, no library, or one that is too old.
        UNAVAILABLE,
        /// Device memory is used up; the device itself still works.
        OUT_OF_MEMORY,
        /// The device or its context is lost: nothing more can be computed in this process.
        LOST,
        /// Any other refusal of a call.
        FAILED
    }

    private final Kind kind;

    public CudaException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public CudaException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public boolean isOutOfMemory() {
        return kind == Kind.OUT_OF_MEMORY;
    }
}
