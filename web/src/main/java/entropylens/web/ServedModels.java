package entropylens.web;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The models that the explorer was started with, by name, and no others. Each is opened when it is
/// first asked for.
final class ServedModels implements AutoCloseable {
    /// The field with the seed of a model's untrained twin.
    static final String UNTRAINED = "untrained";

    /// A model before it has learned anything.
    private record Twin(String name, long seed) {}

    private final Map<String, Path> directories;
    private final LoadOptions options;
    private final int threads;
    private final Device device;
    private final Map<String, ServedModel> open = new LinkedHashMap<>();
    private final Map<Twin, ServedModel> twins = new LinkedHashMap<>();
    private boolean closed;

    /// @param directories by name, in the order in which they are shown
    ServedModels(Map<String, Path> directories, LoadOptions options, int threads, Device device) {
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("the explorer needs at least one model");
        }
        this.directories = new LinkedHashMap<>(directories);
        this.options = options;
        this.threads = threads;
        this.device = device;
    }

    List<String> names() {
        return new ArrayList<>(directories.keySet());
    }

    /// @param name the first model where none is given
    /// @throws ApiException when there is none of this name
    @SuppressWarnings("MustBeClosed") // closed with the others
    synchronized ServedModel get(@Nullable String name) {
        String wanted = name == null ? names().getFirst() : name;
        Path directory = requireNamed(wanted);
        if (closed) {
            throw new ApiException(ApiException.BUSY, "the explorer is being stopped");
        }
        ServedModel model = open.get(wanted);
        if (model == null) {
            model = ServedModel.open(wanted, directory, options, threads, device);
            open.put(wanted, model);
        }
        return model;
    }

    /// Where a model is.
    ///
    /// @throws ApiException when there is none of this name
    Path requireNamed(String name) {
        Path directory = directories.get(name);
        if (directory == null) {
            throw new ApiException(
                    ApiException.UNKNOWN,
                    "there is no model '%s' here; there are %s"
                            .formatted(name, String.join(", ", names())),
                    "model");
        }
        return directory;
    }

    /// The model that a request names: with a seed, its untrained twin.
    ///
    /// @throws ApiException when there is none of this name, or no room for a twin
    ServedModel asked(Fields fields) {
        ServedModel model = get(fields.text("model").orElse(null));
        return fields.has(UNTRAINED) ? twin(model, fields.seed(UNTRAINED)) : model;
    }

    /// Its weights are drawn when it is first asked for, and kept.
    @SuppressWarnings("MustBeClosed") // closed with the others
    private synchronized ServedModel twin(ServedModel model, long seed) {
        Twin wanted = new Twin(model.name(), seed);
        ServedModel twin = twins.get(wanted);
        if (twin == null) {
            requireRoom(model);
            if (closed) {
                throw new ApiException(ApiException.BUSY, "the explorer is being stopped");
            }
            Path directory = model.lens().loaded().directory();
            twin =
                    ServedModel.open(
                            model.name(), directory, options.untrained(seed), threads, device);
            twins.put(wanted, twin);
        }
        return twin;
    }

    private void requireRoom(ServedModel model) {
        long held = twins.values().stream().mapToLong(ServedModels::weightBytes).sum();
        if (twins.size() == Limits.TWINS || held + weightBytes(model) > Limits.TWIN_BYTES) {
            throw new ApiException(
                    ApiException.IMPOSSIBLE,
                    "untrained twins lie in memory, and there is room for %d of %,d MiB together, but there are %d of %,d and this one has %,d; entropy-lens profile --untrained has no such limit"
                            .formatted(
                                    Limits.TWINS,
                                    Limits.TWIN_BYTES >> 20,
                                    twins.size(),
                                    held >> 20,
                                    weightBytes(model) >> 20));
        }
    }

    private static long weightBytes(ServedModel model) {
        return model.lens().loaded().weightBytes();
    }

    /// A message without the places of files: whoever asks need not know them.
    String withoutPlaces(String message) {
        String clean = message;
        for (Map.Entry<String, Path> model : directories.entrySet()) {
            clean = clean.replace(model.getValue().toAbsolutePath().toString(), model.getKey());
            clean = clean.replace(model.getValue().toString(), model.getKey());
        }
        return clean;
    }

    @Override
    public synchronized void close() {
        closed = true;
        twins.values().forEach(ServedModel::close);
        twins.clear();
        open.values().forEach(ServedModel::close);
        open.clear();
    }
}
