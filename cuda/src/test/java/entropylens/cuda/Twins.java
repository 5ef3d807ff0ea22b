package entropylens.cuda;

import entropylens.adapter.AdapterSource;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import entropylens.hook.Intervention;
import entropylens.kernels.Backend;
import entropylens.kernels.Device;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One model twice: on the processor, and on the emulated device.
record Twins(Path directory, Model cpu, Model device, Backend backend) implements AutoCloseable {
    private static final Path GOLDENS = Path.of("../core/src/test/resources/goldens");
    private static final Path ZOO = Path.of("../zoo/models");

    /// Every golden, by name.
    static List<String> goldens() {
        try (Stream<Path> directories = Files.list(GOLDENS)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Twins ofGolden(String name, Precision precision) {
        return open(GOLDENS.resolve(name), precision);
    }

    static Twins ofZoo(String name, Precision precision) {
        return open(ZOO.resolve(name), precision);
    }

    /// A checkpoint of the core's tests, as `quantised/gptq`.
    static Twins ofResource(String name, LoadOptions options) {
        return open(GOLDENS.resolveSibling(name), Precision.FLOAT32, options);
    }

    /// A golden with an adapter of the core's tests.
    static Twins adapted(String golden, String adapter) {
        Path directory = GOLDENS.resolveSibling("adapters").resolve(adapter);
        LoadOptions options = LoadOptions.NONE.adapted(List.of(new AdapterSource(directory)));
        return open(GOLDENS.resolve(golden), Precision.FLOAT32, options);
    }

    private static Twins open(Path directory, Precision precision) {
        return open(directory, precision, LoadOptions.NONE);
    }

    private static Twins open(Path directory, Precision precision, LoadOptions options) {
        Emulation.require();
        WorkerPool pool = new WorkerPool(1);
        Model cpu = LoadedModel.load(directory, Arena.ofAuto(), Backend.cpu(pool), options).model();
        Backend backend = Device.of("cuda", precision).open(pool);
        try {
            Model device = LoadedModel.load(directory, Arena.ofAuto(), backend, options).model();
            return new Twins(directory, cpu, device, backend);
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    /// The tokens of a golden.
    int[] inputIds() {
        return golden().ints("input_ids");
    }

    /// What transformers generates after them.
    int[] greedyIds() {
        return golden().ints("greedy_ids");
    }

    private ConfigJson golden() {
        return ConfigJson.read(directory.resolve("golden.json"));
    }

    /// Whether whole passes are computed on the device, and not products alone.
    boolean whole() {
        return device.pass() instanceof CudaDecoder;
    }

    /// All hook points of the stream, `[positions × d_model]` each.
    ///
    /// @param step tokens that are fed at a time
    static Map<String, float[]> stream(
            Model model, int[] ids, int step, Intervention intervention) {
        Map<String, float[]> all = new TreeMap<>();
        Session session = model.newSession(ids.length, intervention);
        int d = model.config().dModel();
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            for (Site site : Site.values()) {
                boolean missing = site == Site.RESID_MID && !model.config().residual().hasMid();
                if (site.isOfRouter() || missing) {
                    continue;
                }
                float[] rows = new float[ids.length * d];
                HookPoint point = new HookPoint(site, layer);
                all.put(point.toString(), rows);
                session.observe(
                        point,
                        (_, position, values, offset) ->
                                System.arraycopy(values, offset, rows, position * d, d));
            }
        }
        for (int from = 0; from < ids.length; from += step) {
            Batch batch = new Batch();
            batch.add(session, Arrays.copyOfRange(ids, from, Math.min(ids.length, from + step)));
            float[] last = model.forward(batch);
            if (last.length % d != 0) {
                throw new AssertionError("rows are not whole");
            }
        }
        return all;
    }

    /// The largest difference, as a share of the largest element; infinite where one is not a
    /// number.
    static double difference(Map<String, float[]> ours, Map<String, float[]> reference) {
        double differing = 0;
        double largest = 0;
        for (Map.Entry<String, float[]> one : reference.entrySet()) {
            float[] expected = one.getValue();
            float[] found = ours.get(one.getKey());
            for (int i = 0; i < expected.length; i++) {
                double difference = Math.abs((double) found[i] - expected[i]);
                if (Double.isNaN(difference)) {
                    return Double.POSITIVE_INFINITY;
                }
                differing = Math.max(differing, difference);
                largest = Math.max(largest, Math.abs(expected[i]));
            }
        }
        return differing / largest;
    }

    @Override
    public void close() {
        backend.close();
    }
}
