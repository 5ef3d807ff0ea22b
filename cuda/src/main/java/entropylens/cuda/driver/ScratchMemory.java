package entropylens.cuda.driver;

import java.util.HashMap;
import java.util.Map;

/// Device memory that work uses again and again, by name. Its contents are arbitrary. A piece that
/// must grow waits until the old one is no longer used, as freeing does.
public final class ScratchMemory {
    private final Gpu gpu;
    private final Map<String, DeviceMemory> pieces = new HashMap<>();

    public ScratchMemory(Gpu gpu) {
        this.gpu = gpu;
    }

    /// The piece of a name; as long as nobody asks for more of it, the same.
    ///
    /// @param what its name, for messages too
    /// @throws CudaException of the kind OUT_OF_MEMORY; the smaller piece is gone then
    public DeviceMemory piece(String what, long bytes) {
        DeviceMemory piece = pieces.get(what);
        if (piece == null || piece.bytes() < bytes) {
            if (piece != null) {
                piece.close();
                pieces.remove(what); // should there be no room for a larger one
            }
            piece = gpu.allocate(bytes, what);
            pieces.put(what, piece);
        }
        return piece;
    }

    /// The piece of a name, which was asked for before.
    public DeviceMemory there(String what) {
        DeviceMemory piece = pieces.get(what);
        if (piece == null) {
            throw new IllegalStateException("no scratch memory for " + what);
        }
        return piece;
    }

    /// Bytes of all pieces.
    public long bytes() {
        return pieces.values().stream().mapToLong(DeviceMemory::bytes).sum();
    }

    void close() {
        pieces.values().forEach(DeviceMemory::close);
        pieces.clear();
    }
}
