package entropylens.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The text of our kernels, as NVRTC compiles it.
public final class KernelSources {
    private static final String COMMON = "common.cuh";

    private KernelSources() {}

    /// A file of kernels, behind what all of them share.
    ///
    /// @param name without its ending: `rows`, `attention`, `prefill`, `readout` and so on
    public static String of(String name) {
        return text(COMMON) + text(name + ".cu");
    }

    private static String text(String file) {
        try (InputStream in = KernelSources.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("there are no kernels in " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the kernels in " + file + " cannot be read", e);
        }
    }
}
