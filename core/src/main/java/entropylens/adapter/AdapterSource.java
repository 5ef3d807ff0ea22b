package entropylens.adapter;

import java.nio.file.Path;

/// An adapter to load, and how strongly it counts.
///
/// @param directory that holds `adapter_config.json` and the tensors
/// @param scale multiplies what the low-rank matrices add, as PEFT's `set_scale` does; 1 is the
///   adapter as it was trained. With 0 the adapter is read and checked, and then left out whole:
///   the model is the base, bit for bit
public record AdapterSource(Path directory, double scale) {
    public AdapterSource {
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException(
                    "the scale of an adapter must be a finite number, but is " + scale);
        }
    }

    /// As it was trained.
    public AdapterSource(Path directory) {
        this(directory, 1);
    }
}
