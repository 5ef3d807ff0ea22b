package entropylens.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/// What the threads of a computation did with their time: shares of threads × time, which sum to 1.
///
/// How much of it the process had a processor is known from its clock; what it did with it, from
/// the flight recorder's samples of running threads. The rest it waited: for other threads, or for
/// a processor that something else had.
final class TimeShares {
    /// What a thread may do.
    enum Kind {
        /// Products of activations with weights, in which quantised weights are decoded.
        PRODUCTS,
        /// Scores, softmax and sums of values, and what stands around them.
        ATTENTION,
        /// What the readout makes of logits.
        STATISTICS,
        /// For other threads, spinning or parked, or for a processor.
        WAITING,
        /// All else: norms, activations, sampling, what is neither model nor readout.
        OTHER
    }

    private static final String OURS = "entropylens.";

    /// Classes of the kernels that are not products, whoever calls them.
    private static final Set<String> NOT_PRODUCTS =
            Set.of(
                    "Activation",
                    "ErrorFunction",
                    "Kernels",
                    "ScalarKernels",
                    "VectorAttention",
                    "VectorKernels",
                    "VectorMath",
                    "VectorNumbers",
                    "Xielu");

    private final Recording recording;
    private final long start;
    private final long processorStart;

    private TimeShares(Recording recording) {
        this.recording = recording;
        this.start = System.nanoTime();
        this.processorStart = processorNanos();
    }

    static TimeShares start() {
        Recording recording = new Recording();
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
        recording.start();
        return new TimeShares(recording);
    }

    /// @param threads that could have computed all the time
    /// @return shares, one for each [Kind]; all [Kind#OTHER] and [Kind#WAITING] where nothing was
    ///   sampled
    Map<Kind, Double> stop(int threads) throws IOException {
        double busy = (double) (processorNanos() - processorStart) / (System.nanoTime() - start);
        busy = Math.min(1, busy / threads);
        recording.stop();
        Path file = Files.createTempFile("shares", ".jfr");
        try {
            recording.dump(file);
            return of(file, busy);
        } finally {
            recording.close();
            Files.delete(file);
        }
    }

    /// Of a recording.
    ///
    /// @param busy share of threads × time that had a processor
    static Map<Kind, Double> of(Path file, double busy) throws IOException {
        int[] counts = new int[Kind.values().length];
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
                    counts[kind(event.getStackTrace()).ordinal()]++;
                }
            }
        }
        int all = Arrays.stream(counts).sum();
        Map<Kind, Double> shares = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            shares.put(kind, all == 0 ? 0 : busy * counts[kind.ordinal()] / all);
        }
        shares.merge(Kind.WAITING, 1 - busy, Double::sum);
        if (all == 0) {
            shares.put(Kind.OTHER, busy);
        }
        return shares;
    }

    private static Kind kind(RecordedStackTrace stack) {
        boolean innermost = true;
        for (RecordedFrame frame : stack.getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith(OURS)) {
                continue;
            }
            int dot = type.lastIndexOf('.');
            String room = type.substring(0, dot);
            String around = type.substring(dot + 1).split("\\$", 2)[0];
            if (around.equals("WorkerPool")) {
                if (innermost) {
                    return Kind.WAITING;
                }
            } else if (room.equals("entropylens.lens")) {
                return Kind.STATISTICS;
            } else if (room.equals("entropylens.model") || room.equals("entropylens.bench")) {
                return isAttention(around) ? Kind.ATTENTION : Kind.OTHER;
            } else if (isProduct(room, around)) {
                return Kind.PRODUCTS;
            }
            innermost = false;
        }
        return Kind.OTHER;
    }

    private static boolean isAttention(String type) {
        return type.contains("Attention") || type.equals("KvCache") || type.equals("LongContext");
    }

    private static boolean isProduct(String room, String type) {
        return switch (room) {
            case "entropylens.kernels" -> !NOT_PRODUCTS.contains(type);
            case "entropylens.gguf", "entropylens.quantised" -> true;
            default -> false;
        };
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
