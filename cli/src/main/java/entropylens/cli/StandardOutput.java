package entropylens.cli;

import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Standard output in UTF-8, which remembers why it failed: that a reader stopped (`| head`) is not
/// worth a message, a full disk is.
final class StandardOutput extends PrintWriter {
    private final Remembering stream;

    /// @param to a stream that throws; a `PrintStream` would hide what went wrong
    StandardOutput(OutputStream to) {
        this(new Remembering(to));
    }

    private StandardOutput(Remembering stream) {
        super(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)), false);
        this.stream = stream;
    }

    boolean readerGone() {
        IOException failure = stream.failure;
        return failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    private static final class Remembering extends FilterOutputStream {
        private @Nullable IOException failure;

        Remembering(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
