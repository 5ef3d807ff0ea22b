package entropylens.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/// Prints where the time of a recorded run went: the shares of the flight recorder's samples whose
/// innermost frame of ours is in matrix products, in other kernels, or in another package.
///
/// A sample is a thread that runs Java code, about fifty times a second; waiting threads and native
/// code (the database, the collection of garbage) are not in it.
public final class SampleShares {
    private static final String OURS = "entropylens.";

    /// Classes of `entropylens.kernels` that multiply, or lay out what is multiplied.
    private static final Set<String> PRODUCTS =
            Set.of(
                    "CpuBackend",
                    "CpuPanels",
                    "OutputTiles",
                    "PackedRows",
                    "Panels",
                    "VectorColumnSums",
                    "VectorColumns",
                    "VectorHalfTile",
                    "VectorRead",
                    "VectorRows",
                    "VectorTile");

    private SampleShares() {}

    /// Argument: a recording of the flight recorder.
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: entropylens.bench.SampleShares RECORDING.jfr");
            System.exit(2);
        }
        Map<String, Integer> counts = count(Path.of(args[0]));
        int all = counts.values().stream().mapToInt(i -> i).sum();
        if (all == 0) {
            System.err.printf("%s: holds no samples of running Java code%n", args[0]);
            System.exit(1);
        }
        System.out.printf("%d samples%n", all);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(e ->
                        System.out.printf(
                                Locale.ROOT,
                                "%5.1f %%  %s%n",
                                100.0 * e.getValue() / all,
                                e.getKey()));
    }

    private static Map<String, Integer> count(Path recording) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
                    counts.merge(place(event.getStackTrace()), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static String place(RecordedStackTrace stack) {
        for (RecordedFrame frame : stack.getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith(OURS)) {
                return place(type);
            }
        }
        return "elsewhere";
    }

    /// A lambda's frame and a nested class's belong to the class around them.
    private static String place(String type) {
        int dot = type.lastIndexOf('.');
        String around = type.substring(dot + 1).split("\\$", 2)[0];
        String room = type.substring(0, dot);
        if (!room.equals("entropylens.kernels")) {
            return room;
        }
        return PRODUCTS.contains(around) ? "matrix products" : room + "." + around;
    }
}
