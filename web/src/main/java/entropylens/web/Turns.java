package entropylens.web;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One text at a time computes, with all threads; a bounded number of others wait, in their order.
final class Turns {
    private final Semaphore turn = new Semaphore(1, true);
    private final AtomicInteger waiting = new AtomicInteger();
    private final int mostWaiting;
    private final int patience;

    /// @param mostWaiting requests that may wait
    /// @param patience seconds that one waits
    Turns(int mostWaiting, int patience) {
        this.mostWaiting = mostWaiting;
        this.patience = patience;
    }

    /// A turn that is taken; closing it gives it back.
    interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    /// Told each second that a request still waits.
    @FunctionalInterface
    interface Patience {
        /// Waits on.
        Patience QUIET = () -> {};

        /// A second has passed.
        ///
        /// @throws IOException when nobody is there any more who wants the result
        void stillWaiting() throws IOException;
    }

    /// Waits for its turn.
    ///
    /// @throws ApiException when too many wait already, or it took too long
    Taken take(Patience patient) throws IOException {
        if (!turn.tryAcquire()) {
            if (waiting.incrementAndGet() > mostWaiting) {
                waiting.decrementAndGet();
                throw new ApiException(
                        ApiException.BUSY,
                        "one text computes and %d wait, which is all there is room for; try again later"
                                .formatted(mostWaiting));
            }
            try {
                await(patient);
            } finally {
                waiting.decrementAndGet();
            }
        }
        return turn::release;
    }

    private void await(Patience patient) throws IOException {
        try {
            for (int second = 0; second < patience; second++) {
                if (turn.tryAcquire(1, TimeUnit.SECONDS)) {
                    return;
                }
                patient.stillWaiting();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiException.BUSY, "the explorer is being stopped");
        }
        throw new ApiException(
                ApiException.BUSY,
                "waited %d seconds for other texts; try again later".formatted(patience));
    }

    /// Waits until no text computes, for so many seconds, and lets none begin.
    ///
    /// @return whether none does
    boolean end(int seconds) {
        try {
            return turn.tryAcquire(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Whether a text computes now.
    boolean taken() {
        return turn.availablePermits() == 0;
    }
}
