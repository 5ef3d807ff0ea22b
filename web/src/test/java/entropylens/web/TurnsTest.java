package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void oneComputesOthersWaitAndNoMoreThanThereIsRoomFor() throws Exception {
        Turns turns = new Turns(1, 60);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch waiting = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> second;
            try (Turns.Taken _ = turns.take(Turns.Patience.QUIET)) {
                second =
                        threads.submit(() -> {
                            try (Turns.Taken _ = turns.take(waiting::countDown)) {
                                done.add("second");
                            }
                            return null;
                        });
                waiting.await();
                assertThatThrownBy(() -> turns.take(Turns.Patience.QUIET))
                        .isInstanceOfSatisfying(
                                ApiException.class, e -> assertThat(e.status()).isEqualTo(503))
                        .hasMessageContaining("1 wait, which is all there is room for");
                done.add("first");
            }
            second.get();
        }
        assertThat(done).containsExactly("first", "second");
        assertThat(turns.taken()).isFalse();
    }

    @Test
    void whoeverIsGoneWaitsNoLonger() throws Exception {
        Turns turns = new Turns(1, 60);
        try (Turns.Taken _ = turns.take(Turns.Patience.QUIET)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() ->
                                turns.take(() -> {
                                    throw new IOException("gone");
                                }))
                        .hasMessage("gone");
            }
        }
    }

    @Test
    void atTheEndNoTextBegins() throws Exception {
        Turns turns = new Turns(0, 1);
        try (Turns.Taken _ = turns.take(Turns.Patience.QUIET)) {
            assertThat(turns.end(0)).as("one computes").isFalse();
        }
        assertThat(turns.end(0)).isTrue();
        assertThatThrownBy(() -> turns.take(Turns.Patience.QUIET)).isInstanceOf(ApiException.class);
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        Turns turns = new Turns(1, 1);
        try (Turns.Taken _ = turns.take(Turns.Patience.QUIET)) {
            assertThatThrownBy(() -> turns.take(Turns.Patience.QUIET))
                    .hasMessageContaining("waited 1 seconds");
        }
    }

    @Test
    void whoeverIsRefusedIsToldWhenToComeBack() throws Exception {
        try (Served served = Served.start()) {
            List<Turns.Taken> taken = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                taken.add(served.explorer().turns().take(Turns.Patience.QUIET));
                CountDownLatch waiting = new CountDownLatch(Limits.WAITING);
                List<Future<?>> others = new ArrayList<>();
                for (int i = 0; i < Limits.WAITING; i++) {
                    boolean[] told = new boolean[1];
                    others.add(
                            threads.submit(() -> {
                                Turns.Patience tell =
                                        () -> {
                                            if (!told[0]) {
                                                told[0] = true;
                                                waiting.countDown();
                                            }
                                        };
                                served.explorer().turns().take(tell).close();
                                return null;
                            }));
                }
                waiting.await();
                var refused = served.post("profile", "{\"prompt\": \"a\"}");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
                taken.getFirst().close();
                for (Future<?> other : others) {
                    other.get();
                }
            }
        }
    }
}
