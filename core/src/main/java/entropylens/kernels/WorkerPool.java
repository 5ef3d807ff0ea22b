package entropylens.kernels;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed set of threads that share the tasks of one product at a time.
///
/// Decoding one token hands out about a hundred short products, so a worker that has just finished
/// spins for a moment before it parks: waking a parked thread costs more than many of those
/// products. A caller that finds the pool busy does its tasks itself, so any number of threads may
/// use one pool.
public final class WorkerPool implements AutoCloseable {
    private static final long SPIN_NANOS = 100_000;

    private final Thread[] workers;
    private final ReentrantLock inUse = new ReentrantLock();
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /// Pools that are shared, by their number of threads.
    private static final Map<Integer, Shared> SHARED = new HashMap<>();

    private static final class Shared {
        private final WorkerPool pool;
        private int users;

        Shared(WorkerPool pool) {
            this.pool = pool;
        }
    }

    /// A share in a pool; the threads end when the last one is closed.
    public static final class Lease implements AutoCloseable {
        private final WorkerPool pool;
        private final AtomicBoolean over = new AtomicBoolean();

        private Lease(WorkerPool pool) {
            this.pool = pool;
        }

        public WorkerPool pool() {
            return pool;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                giveBack(pool);
            }
        }
    }

    /// The pool of that many threads that all who ask for so many share.
    ///
    /// @param threads number of threads that compute, the calling one included
    public static Lease lease(int threads) {
        synchronized (SHARED) {
            Shared shared =
                    SHARED.computeIfAbsent(threads, count -> new Shared(new WorkerPool(count)));
            shared.users++;
            return new Lease(shared.pool);
        }
    }

    private static void giveBack(WorkerPool pool) {
        synchronized (SHARED) {
            Shared shared = SHARED.get(pool.threads());
            if (shared != null && --shared.users == 0) {
                SHARED.remove(pool.threads());
                pool.close();
            }
        }
    }

    /// @param threads number of threads that compute, the calling one included
    public WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] =
                    Thread.ofPlatform().daemon().name("entropy-lens-" + (i + 1)).start(this::work);
        }
    }

    /// Threads that compute, the calling one included.
    public int threads() {
        return workers.length + 1;
    }

    /// Runs `task` for 0 … `count - 1`, in any order and on any thread, and returns when all are
    /// done. What a task throws is thrown here.
    public void run(int count, IntConsumer task) {
        if (count <= 1 || workers.length == 0 || !inUse.tryLock()) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        try {
            Job job = new Job(count, task);
            current = job;
            for (int i = 0; i < workers.length; i++) {
                LockSupport.unpark(workers[i]);
            }
            job.work();
            job.await();
        } finally {
            current = null; // a pool that waits must not hold the arrays of its last task
            inUse.unlock();
        }
    }

    private void work() {
        while (!closed) {
            try {
                helpUntilClosed();
            } catch (InternalError late) {
                // a mapped file that could not be read, of a task that is over; see Job
            }
        }
    }

    private void helpUntilClosed() {
        @Nullable Job done = null;
        long idleSince = System.nanoTime();
        while (!closed) {
            Job job = current;
            if (job != null && job != done) {
                job.work();
                done = job;
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                done = null;
                LockSupport.park(this);
                idleSince = System.nanoTime();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private static final class Job {
        private final int count;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Job(int count, IntConsumer task) {
            this.count = count;
            this.task = task;
        }

        void work() {
            while (!workUntilFailure()) {}
        }

        /// The JVM throws what went wrong with a mapped file a little later than the file was read,
        /// perhaps between two tasks. A task that is lost so still counts, or [#await] would wait
        /// for it.
        ///
        /// @return whether no task is left
        private boolean workUntilFailure() {
            int open = 0;
            try {
                while (true) {
                    open = 1;
                    int i = next.getAndIncrement();
                    if (i >= count) {
                        return true;
                    }
                    task.accept(i);
                    finished.incrementAndGet();
                    open = 0;
                }
            } catch (Throwable t) {
                failure = t;
                finished.addAndGet(open);
                return false;
            }
        }

        void await() {
            while (finished.get() < count) {
                Thread.onSpinWait();
            }
            Throwable thrown = failure;
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            if (thrown instanceof Error e) {
                throw e;
            }
        }
    }
}
