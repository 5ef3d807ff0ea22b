package entropylens.kernels;

/// A device is missing, cannot be used, or failed. The message says what to do.
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Whether its memory is used up, so that less at a time may do.
    public boolean isOutOfMemory() {
        return false;
    }
}
