package entropylens.pull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// The body of an answer, of which a read fails when nothing comes for too long: the HTTP client
/// bounds the time until the head of an answer, but not the silence after it.
final class PatientStream extends FilterInputStream {
    private static final long IDLE = Long.MAX_VALUE;
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Duration patience;
    private volatile long readingSince = IDLE;
    private volatile boolean stalled;
    private volatile boolean closed;

    PatientStream(InputStream in, Duration patience) {
        super(in);
        this.patience = patience;
    }

    /// Begins to watch.
    PatientStream watched() {
        Thread.ofVirtual().name("entropy-lens-patience").start(this::watch);
        return this;
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                long since = readingSince;
                if (since != IDLE && System.nanoTime() - since > patience.toNanos()) {
                    stalled = true;
                    in.close(); // wakes the reader
                    return;
                }
            }
        } catch (InterruptedException | IOException e) {
            // nobody interrupts; and a connection that cannot be closed is gone
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        readingSince = System.nanoTime();
        int count;
        try {
            count = super.read(bytes, offset, length);
        } catch (IOException e) {
            if (stalled) {
                throw silence();
            }
            throw e;
        } finally {
            readingSince = IDLE;
        }
        if (stalled) {
            throw silence();
        }
        return count;
    }

    private HttpTimeoutException silence() {
        return new HttpTimeoutException("silent");
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}
