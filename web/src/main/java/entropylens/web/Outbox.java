package entropylens.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is written here is sent by a thread of its own, so that a text does not wait for its
/// reader, nor do those behind it. A reader who falls too far behind, for too long, is given up.
final class Outbox extends OutputStream {
    private final OutputStream out;
    private final Runnable hangUp;
    private final int most;
    private final Thread sender;
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long patience;
    private boolean ended;
    private @Nullable IOException failure;

    /// @param out to the reader
    /// @param hangUp ends the connection
    /// @param most bytes that may wait to be sent
    /// @param patience for the reader, over all that is written
    Outbox(OutputStream out, Runnable hangUp, int most, Duration patience) {
        this.out = out;
        this.hangUp = hangUp;
        this.most = most;
        this.patience = patience.toNanos();
        sender = Thread.ofVirtual().name("explorer-outbox").start(this::send);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /// @throws IOException when nobody reads any more, or too slowly
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        while (failure == null && waiting.size() > 0 && waiting.size() + length > most) {
            if (!waitFor()) {
                fail(new IOException("the reader is too slow"));
            }
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        waiting.write(bytes, offset, length);
        notifyAll();
    }

    /// Waits for the other side, as long as there is patience left.
    private synchronized boolean waitFor() throws IOException {
        long before = System.nanoTime();
        try {
            wait(Math.max(1, patience / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new IOException("the explorer is being stopped", e));
        }
        patience -= System.nanoTime() - before;
        return patience > 0;
    }

    private synchronized void fail(IOException why) {
        failure = why;
        waiting.reset();
        notifyAll();
    }

    private void send() {
        try {
            for (byte[] next = take(); next.length > 0; next = take()) {
                out.write(next);
                out.flush();
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            fail(new IOException("the explorer is being stopped", e));
        }
    }

    /// All that waits; nothing at the end.
    private synchronized byte[] take() throws InterruptedException {
        while (waiting.size() == 0 && !ended && failure == null) {
            wait();
        }
        byte[] all = waiting.toByteArray();
        waiting.reset();
        notifyAll();
        return all;
    }

    /// Sends what still waits; a reader who takes longer than he may is given up.
    @Override
    public void close() throws IOException {
        IOException failed;
        synchronized (this) {
            ended = true;
            failed = failure;
            notifyAll();
        }
        try {
            if (failed != null || !sender.join(Duration.ofNanos(Math.max(1, patience)))) {
                hangUp.run();
            }
            sender.join();
        } catch (InterruptedException e) {
            hangUp.run();
            Thread.currentThread().interrupt();
        }
    }
}
