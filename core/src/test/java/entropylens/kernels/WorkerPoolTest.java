package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WorkerPoolTest {
    private static void requireOnceEach(AtomicIntegerArray runs) {
        for (int i = 0; i < runs.length(); i++) {
            assertThat(runs.get(i)).as("task %d", i).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTaskRunsOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            assertThat(pool.threads()).isEqualTo(threads);
            for (int count : new int[] {0, 1, 2, 7, 1000}) {
                for (int repeat = 0; repeat < 50; repeat++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(count);
                    pool.run(count, runs::incrementAndGet);
                    requireOnceEach(runs);
                }
            }
        }
    }

    @Test
    void workersHelp() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger met = new AtomicInteger();
            pool.run(
                    2,
                    _ -> {
                        both.countDown();
                        try {
                            met.addAndGet(both.await(10, TimeUnit.SECONDS) ? 1 : 0);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertThat(met.get()).as("two tasks waited for each other").isEqualTo(2);
        }
    }

    @Test
    void workersThatParkedAreWoken() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int repeat = 0; repeat < 20; repeat++) {
                Thread.sleep(Duration.ofMillis(2));
                AtomicIntegerArray runs = new AtomicIntegerArray(64);
                pool.run(64, runs::incrementAndGet);
                requireOnceEach(runs);
            }
        }
    }

    @Test
    void aTaskMayRunTasksItself() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int repeat = 0; repeat < 50; repeat++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(20 * 30);
                pool.run(20, i -> pool.run(30, j -> runs.incrementAndGet(30 * i + j)));
                requireOnceEach(runs);
            }
        }
    }

    @Test
    void severalCallersShareAPool() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            List<Thread> callers = new ArrayList<>();
            Set<Throwable> failures = ConcurrentHashMap.newKeySet();
            for (int c = 0; c < 4; c++) {
                callers.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                                .start(() -> {
                                    for (int repeat = 0; repeat < 200; repeat++) {
                                        AtomicIntegerArray runs = new AtomicIntegerArray(50);
                                        pool.run(50, runs::incrementAndGet);
                                        requireOnceEach(runs);
                                    }
                                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatATaskThrowsIsThrownToTheCaller(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int bad : new int[] {0, 5, 99}) {
                assertThatThrownBy(() ->
                                pool.run(
                                        100,
                                        i -> {
                                            if (i == bad) {
                                                throw new ArithmeticException("task " + i);
                                            }
                                        }))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage("task " + bad);
                assertThatThrownBy(() ->
                                pool.run(
                                        100,
                                        i -> {
                                            if (i == bad) {
                                                throw new StackOverflowError();
                                            }
                                        }))
                        .isInstanceOf(StackOverflowError.class);
                // and the pool is as good as before
                AtomicIntegerArray runs = new AtomicIntegerArray(100);
                pool.run(100, runs::incrementAndGet);
                requireOnceEach(runs);
            }
        }
    }

    @Test
    void closingEndsTheThreadsAndLeavesTheWorkToTheCaller() throws InterruptedException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        WorkerPool pool = new WorkerPool(3);
        CountDownLatch all = new CountDownLatch(3);
        pool.run(
                3,
                _ -> {
                    seen.add(Thread.currentThread());
                    all.countDown();
                    try {
                        all.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        assertThat(seen).hasSize(3);
        pool.close();
        seen.remove(Thread.currentThread());
        for (Thread worker : seen) {
            assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
        }
        AtomicIntegerArray runs = new AtomicIntegerArray(10);
        pool.run(10, runs::incrementAndGet);
        requireOnceEach(runs);
    }

    @Test
    void aPoolWithoutThreadsIsRefused() {
        assertThatThrownBy(() -> new WorkerPool(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
    }
}
