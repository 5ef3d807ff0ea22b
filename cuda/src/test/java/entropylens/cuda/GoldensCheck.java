package entropylens.cuda;

import entropylens.checkpoint.ConfigJson;
import entropylens.cuda.driver.Gpu;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.Device;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every golden on a GPU, against the processor of the same machine, in both ways.
final class GoldensCheck {
    static final ReadoutRequest ALL =
            ReadoutRequest.ENTROPY
                    .with(
                            Statistic.VARENTROPY,
                            Statistic.NEXT_PROBABILITY,
                            Statistic.NEXT_RANK,
                            Statistic.KL_TO_LAST,
                            Statistic.LOGIT_STD,
                            Statistic.H_NORM,
                            Statistic.renyi(0),
                            Statistic.renyi(0.5),
                            Statistic.renyi(2),
                            Statistic.renyi(Double.POSITIVE_INFINITY),
                            Statistic.topPSize(0.9),
                            Statistic.jaccard(0.6))
                    .withTopK(5);

    private static final int MOST_FAILURES = 20;

    /// Entropies that differ by more, in nats, are told model by model.
    private static final double FLOAT32_BOUND = 2e-5;

    private static final double OTHER_BOUND = 0.1;

    private final Path folder;
    private final CheckLog log;
    private final WorkerPool pool = new WorkerPool(4);
    private final Map<String, TextProfile> expected = new HashMap<>();

    GoldensCheck(Path home, CheckLog log) {
        this.folder = home.resolve("goldens");
        this.log = log;
    }

    /// @param which `first`: float32 whole passes; `more`: every other precision, and products
    ///   alone
    void run(String which) {
        // one context for all models, so that each opens fast
        try (Gpu held = Gpu.open(0)) {
            List<String> all = names();
            if (which.equals("first")) {
                compare(all, Precision.FLOAT32, false);
                compare(every(all, 3), Precision.BFLOAT16, false);
            } else {
                compare(all, Precision.FLOAT32, true);
                compare(every(all, 6), Precision.TF32, false);
                compare(every(all, 6), Precision.FLOAT16, false);
                compare(every(all, 6), Precision.BFLOAT16, true);
            }
            log.found("goldens", "held", held.name());
        }
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> every(List<String> all, int step) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += step) {
            some.add(all.get(i));
        }
        return some;
    }

    private void compare(List<String> goldens, Precision precision, boolean productsOnly) {
        System.setProperty(CudaBackend.PRODUCTS_ONLY, Boolean.toString(productsOnly));
        Differences differences = new Differences();
        Map<String, Integer> ways = new HashMap<>();
        List<String> failures = new ArrayList<>();
        long start = System.nanoTime();
        int told = 0;
        for (String golden : goldens) {
            try {
                TextProfile ours = expected.computeIfAbsent(golden, name -> onProcessor(name));
                TextProfile theirs = onGpu(golden, precision, ways);
                differences.add(golden, ours, theirs);
                told += tell(golden, precision, ours, theirs, told);
            } catch (RuntimeException | Error e) {
                failures.add(golden + ": " + e);
                if (failures.size() <= MOST_FAILURES) {
                    log.failed("goldens", golden + " " + precision + " " + productsOnly, e);
                }
            }
        }
        log.found(
                "goldens",
                "precision",
                precision.word(),
                "way",
                productsOnly ? "products" : "whole passes where they can be",
                "models",
                goldens.size(),
                "ways",
                ways,
                "failures",
                failures.size(),
                "worst",
                differences.worst(),
                "seconds",
                GpuCheck.seconds(start));
    }

    /// The first models that differ by more than rounding, with all that differs.
    ///
    /// @return how many were told now
    private int tell(
            String golden, Precision precision, TextProfile ours, TextProfile theirs, int told) {
        Differences one = new Differences();
        one.add(golden, ours, theirs);
        double bound = precision == Precision.FLOAT32 ? FLOAT32_BOUND : OTHER_BOUND;
        if (told >= MOST_FAILURES || one.entropy() <= bound) {
            return 0;
        }
        log.found("goldens", "differs", golden, "in", precision.word(), "by", one.worst());
        return 1;
    }

    private TextProfile onProcessor(String golden) {
        return profile(golden, Backend.cpu(pool));
    }

    private TextProfile onGpu(String golden, Precision precision, Map<String, Integer> ways) {
        try (Backend backend = Device.of("cuda", precision).open(pool)) {
            TextProfile profile = profile(golden, backend);
            ways.merge(backend.name(), 1, Integer::sum);
            return profile;
        }
    }

    private TextProfile profile(String golden, Backend backend) {
        Path directory = folder.resolve(golden);
        int[] ids = ConfigJson.read(directory.resolve("golden.json")).ints("input_ids");
        try (Arena arena = Arena.ofShared()) {
            return new Profiler(LoadedModel.load(directory, arena, backend).model())
                    .profile(
                            List.of(ids),
                            new ProfileRequest(Positions.PROMPT, ALL),
                            1,
                            Progress.NONE)
                    .getFirst();
        }
    }
}
