package entropylens.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the benchmarks and prints each rate as a share of the machine's peak, measured in the same
/// run: arithmetic beside independent multiply-adds, decoding beside a read of memory.
public final class Shares {
    private Shares() {}

    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(args);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        options.verbosity(VerboseMode.SILENT);
        // a benchmark that disagrees must not just be left out
        options.shouldFailOnError(true);
        if (given.getIncludes().isEmpty()) {
            options.include("Readout").include("Prefill").include("Decode").include("LongContext");
        }
        options.include("Machine");
        System.err.println("measuring; this takes minutes, and wants the machine for itself");
        print(new Runner(options.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        double peak = 0;
        double bandwidth = 0;
        for (RunResult result : results) {
            switch (name(result)) {
                case "Machine.fmaPeak" -> peak = rate(result, "gflop");
                case "Machine.readBandwidth" -> bandwidth = rate(result, "gigabytes");
                default -> {}
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "machine: %.0f GFLOP/s of independent float32 multiply-adds, %.1f GB/s read",
                        peak,
                        bandwidth));
        for (RunResult result : results) {
            if (!name(result).startsWith("Machine.")) {
                lines.add(line(result, peak, bandwidth));
            }
        }
        lines.forEach(System.out::println);
    }

    private static String line(RunResult result, double peak, double bandwidth) {
        double gflop = rate(result, "gflop");
        double gigabytes = rate(result, "gigabytes");
        boolean arithmetic = gflop > 0;
        double rate = arithmetic ? gflop : gigabytes;
        Result<?> primary = result.getPrimaryResult();
        return String.format(
                Locale.ROOT,
                "%-18s %-34s %7.1f %s  %.2f of the %s  (±%.0f %%)",
                name(result),
                parameters(result),
                rate,
                arithmetic ? "GFLOP/s" : "GB/s   ",
                rate / (arithmetic ? peak : bandwidth),
                arithmetic ? "peak" : "bandwidth",
                100 * primary.getScoreError() / primary.getScore());
    }

    private static double rate(RunResult result, String counter) {
        return result.getSecondaryResults().get(counter).getScore();
    }

    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        int method = full.lastIndexOf('.');
        return full.substring(full.lastIndexOf('.', method - 1) + 1);
    }

    private static String parameters(RunResult result) {
        Map<String, String> parameters = new TreeMap<>();
        for (String key : result.getParams().getParamsKeys()) {
            parameters.put(key, result.getParams().getParam(key));
        }
        return String.join(" ", parameters.values());
    }
}
