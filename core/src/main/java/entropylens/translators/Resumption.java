package entropylens.translators;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Where a long fit keeps how far it is, so that it goes on from there when it was killed.
///
/// @param file that is kept until the fit is through; empty to keep nothing
/// @param model of which the fit is: its name, hashes and the like
/// @param every how much time passes at least between two
public record Resumption(Optional<Path> file, String model, Duration every) {
    /// Nothing is kept.
    public static final Resumption NONE = new Resumption(Optional.empty(), "", Duration.ZERO);

    /// What is kept of one fit.
    ///
    /// @param kind,settings,kernels how it is made
    /// @param texts of which
    Kept of(String kind, String settings, String kernels, List<int[]> texts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        String said = String.join("\n", kind, model, settings, kernels);
        digest.update(said.getBytes(StandardCharsets.UTF_8));
        for (int[] ids : texts) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * (ids.length + 1)).putInt(ids.length);
            for (int id : ids) {
                bytes.putInt(id);
            }
            digest.update(bytes.array());
        }
        String identity = HexFormat.of().formatHex(digest.digest());
        return new Kept(file.map(path -> new StateFile(path, identity)), every);
    }

    /// What is kept of one fit while it runs.
    static final class Kept {
        private final Optional<StateFile> file;
        private final Duration every;
        private long last = System.nanoTime();

        private Kept(Optional<StateFile> file, Duration every) {
            this.file = file;
            this.every = every;
        }

        /// @return steps that were done before, whose numbers are in `parts` now
        OptionalLong load(List<MemorySegment> parts) {
            return file.isEmpty() ? OptionalLong.empty() : file.get().load(parts);
        }

        void saveNowAndThen(long done, List<MemorySegment> parts) {
            if (System.nanoTime() - last >= every.toNanos()) {
                file.ifPresent(kept -> kept.save(done, parts));
                last = System.nanoTime();
            }
        }

        void finished() {
            file.ifPresent(StateFile::delete);
        }
    }
}
