package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxTest {
    /// A reader who reads nothing until the connection ends.
    private static final class Stalled extends OutputStream {
        private final CountDownLatch hungUp = new CountDownLatch(1);

        @Override
        public void write(int b) throws IOException {
            try {
                hungUp.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("closed");
        }
    }

    @Test
    void allThatIsWrittenIsSentInOrder() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Outbox out = new Outbox(read, () -> {}, 10, Duration.ofSeconds(30))) {
            for (byte i = 0; i < 100; i++) {
                out.write(new byte[] {i, i, i});
            }
        }
        assertThat(read.size()).isEqualTo(300);
        for (int i = 0; i < 300; i++) {
            assertThat(read.toByteArray()[i]).isEqualTo((byte) (i / 3));
        }
    }

    @Test
    void aWriterDoesNotWaitForWhatHasRoom() throws IOException {
        Stalled reader = new Stalled();
        Outbox out = new Outbox(reader, reader.hungUp::countDown, 1000, Duration.ofMillis(10));
        out.write(new byte[1000]);
        assertThat(reader.hungUp.getCount()).isOne();
        out.close();
        assertThat(reader.hungUp.getCount()).as("it ended what nobody read").isZero();
    }

    @Test
    void aReaderWhoIsTooSlowIsGivenUp() throws IOException {
        Stalled reader = new Stalled();
        Outbox out = new Outbox(reader, reader.hungUp::countDown, 1000, Duration.ofMillis(50));
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                out.write(new byte[100]);
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessage("the reader is too slow");
        out.close();
        assertThat(reader.hungUp.getCount()).isZero();
    }

    @Test
    void aWriterIsToldThatNobodyReads() throws IOException {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        try (Outbox out = new Outbox(closed, () -> {}, 10, Duration.ofSeconds(30))) {
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    out.write(7);
                                }
                            })
                    .hasMessage("broken pipe");
        }
    }
}
