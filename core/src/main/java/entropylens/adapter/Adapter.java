package entropylens.adapter;

import entropylens.adapter.AdapterConfig.Bias;
import entropylens.adapter.AdapterTensors.Part;
import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.MappedFiles;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.LowRank;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// One adapter, open: what it adds to each projection, and which tensors it replaces. It remembers
/// what was taken.
final class Adapter {
    /// Embeddings and unembeddings, which PEFT saves when the vocabulary was changed.
    private static final Set<String> VOCABULARY =
            Set.of("embed_tokens", "lm_head", "embed_in", "embed_out", "wte", "word_embeddings");

    private final AdapterSource source;
    private final AdapterConfig config;
    private final AdapterTensors tensors;
    private final Path model;
    private final WorkerPool pool;
    private final String stack;
    private final Set<String> taken = new HashSet<>();
    private final SortedSet<Integer> ranks = new TreeSet<>();
    private int modules;
    private int replaced;

    private Adapter(
            AdapterSource source,
            AdapterConfig config,
            AdapterTensors tensors,
            Path model,
            WorkerPool pool) {
        this.source = source;
        this.config = config;
        this.tensors = tensors;
        this.model = model;
        this.pool = pool;
        this.stack = stack(tensors);
        tensors.whole().forEach(this::requireDeclared);
    }

    static Adapter open(AdapterSource source, Path model, Arena arena, WorkerPool pool) {
        AdapterConfig config = AdapterConfig.read(source.directory());
        return new Adapter(
                source, config, AdapterTensors.open(source.directory(), arena), model, pool);
    }

    /// What PEFT's names of the blocks begin with; see [AdapterTensors#canonical].
    private static String stack(AdapterTensors tensors) {
        for (AdapterTensors.Module module : tensors.modules()) {
            String canonical = AdapterTensors.canonical(module.name());
            if (canonical.length() < module.name().length()) {
                return module.name().substring(0, module.name().length() - canonical.length());
            }
        }
        return "";
    }

    /// PEFT would put such a tensor in the model's place all the same, or leave it out, by where it
    /// came from.
    private void requireDeclared(String name, String inFile) {
        boolean bias = name.endsWith(".bias");
        boolean declared =
                saved(name).isPresent()
                        || (bias && config.bias() == Bias.ALL)
                        || (bias
                                && config.bias() == Bias.LORA_ONLY
                                && tensors.module(module(name)).isPresent())
                        || VOCABULARY.contains(lastWord(module(name)));
        if (!declared) {
            throw new CheckpointException(
                    "%s: the tensor '%s' is neither of a low-rank matrix, nor of a module in modules_to_save, nor a bias that %s says is trained (bias is '%s'); it cannot be told what it is for"
                            .formatted(
                                    tensors.file(),
                                    inFile,
                                    config.file(),
                                    config.bias().name().toLowerCase(Locale.ROOT)));
        }
    }

    /// The entry of `modules_to_save` that a tensor belongs to: its module, or one that the module
    /// is in, has a name that ends so.
    private Optional<String> saved(String tensor) {
        for (String module = module(tensor); !module.isEmpty(); module = module(module)) {
            for (String saved : config.saved()) {
                if (module.endsWith(saved)) {
                    return Optional.of(saved);
                }
            }
        }
        return Optional.empty();
    }

    private static String module(String tensor) {
        int dot = tensor.lastIndexOf('.');
        return dot < 0 ? "" : tensor.substring(0, dot);
    }

    private static String lastWord(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private boolean applied() {
        return source.scale() != 0;
    }

    /// What the adapter adds to a projection, if anything.
    ///
    /// @param module the projection's name in the model's files
    Optional<LowRank> update(String module, Linear base) {
        Optional<AdapterTensors.Module> found = tensors.module(AdapterTensors.canonical(module));
        if (found.isEmpty()) {
            refuseMissing(module);
            return Optional.empty();
        }
        String name = found.get().name();
        if (!config.targets().include(name)) {
            throw new CheckpointException(
                    "%s: adapts '%s', which the target_modules of %s do not name, so that PEFT would leave it out; correct one of the files"
                            .formatted(tensors.file(), name, config.file()));
        }
        LowRank update = update(found.get(), base);
        modules++;
        ranks.add(config.rank(name));
        return applied() ? Optional.of(update) : Optional.empty();
    }

    /// Of routed experts PEFT sees no modules where transformers keeps all of them in one tensor,
    /// as since version 5; then a file has none of them. And what `all-linear` stood for, only the
    /// file says.
    private void refuseMissing(String module) {
        if (config.targets().allLinear() || (isExpert(module) && !adaptsExperts())) {
            return;
        }
        String named = stack + AdapterTensors.canonical(module);
        if (config.targets().include(module) || config.targets().include(named)) {
            throw new CheckpointException(
                    "%s: holds no tensors for '%s', which the target_modules of %s name; is the file complete, and of this model?"
                            .formatted(tensors.file(), named, config.file()));
        }
    }

    private static boolean isExpert(String module) {
        return module.contains(".experts.");
    }

    private boolean adaptsExperts() {
        for (AdapterTensors.Module module : tensors.modules()) {
            if (isExpert(module.name())) {
                return true;
            }
        }
        return false;
    }

    private LowRank update(AdapterTensors.Module module, Linear base) {
        String name = module.name();
        int rank = config.rank(name);
        Matrix down = matrix(module, Part.DOWN, rank, base.inputs());
        Matrix up = matrix(module, Part.UP, base.outputs(), rank);
        LowRank plain =
                new LowRank(down, up, (float) (config.scaling(name) * source.scale()), null);
        boolean magnitude = module.tensors().containsKey(Part.MAGNITUDE);
        if (magnitude != config.dora()) {
            throw new CheckpointException(
                    "%s: '%s' has %s magnitude, but use_dora is %b in %s; correct one of the files"
                            .formatted(
                                    tensors.file(),
                                    name,
                                    magnitude ? "a" : "no",
                                    config.dora(),
                                    config.file()));
        }
        return magnitude
                ? new LowRank(down, up, plain.scale(), gain(module, plain, base.matrix()))
                : plain;
    }

    /// `magnitude / ‖W + s B A‖`.
    private float[] gain(AdapterTensors.Module module, LowRank update, Matrix weights) {
        int outputs = weights.outputs();
        Tensor tensor = take(module, Part.MAGNITUDE, outputs);
        Matrix row = matrix(tensor, 1, outputs);
        float[] gain = new float[outputs];
        Kernels.scalar().read(row, 0, 0, 1, outputs, gain, 0);
        if (applied()) {
            double[] norms = update.rowNorms(weights, pool);
            for (int o = 0; o < outputs; o++) {
                gain[o] = (float) (gain[o] / norms[o]);
            }
        }
        return gain;
    }

    private Matrix matrix(AdapterTensors.Module module, Part part, int outputs, int inputs) {
        return matrix(take(module, part, outputs, inputs), outputs, inputs);
    }

    private static Matrix matrix(Tensor tensor, int outputs, int inputs) {
        WeightType type =
                switch (tensor.dtype()) {
                    case F32 -> WeightType.F32;
                    case F16 -> WeightType.F16;
                    case BF16 -> WeightType.BF16;
                    default ->
                            throw new IllegalStateException(
                                    "the checkpoint let through " + tensor.dtype());
                };
        return Matrix.dense(tensor.data(), type, outputs, inputs, Matrix.Layout.OUT_IN);
    }

    private Tensor take(AdapterTensors.Module module, Part part, long... shape) {
        String name = module.tensors().get(part);
        if (name == null) {
            throw new CheckpointException(
                    "%s: '%s' lacks one of its tensors (lora_A, lora_B); is the file complete?"
                            .formatted(tensors.file(), module.name()));
        }
        return take(name, "r = %d".formatted(config.rank(module.name())), shape);
    }

    private Tensor take(String name, String because, long... shape) {
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        Checkpoint checkpoint = tensors.checkpoint();
        List<Long> found = checkpoint.shape(name).orElse(List.of());
        if (!found.equals(expected)) {
            throw new CheckpointException(
                    "%s: the tensor '%s' has the shape %s, but %s in %s and the model in %s call for %s; is it an adapter of this model?"
                            .formatted(
                                    tensors.file(),
                                    name,
                                    found,
                                    because,
                                    config.file(),
                                    model,
                                    expected));
        }
        taken.add(name);
        return checkpoint.require(name, shape);
    }

    /// The tensor that stands for one of the model, if the adapter has one.
    ///
    /// @param name of the model's tensor
    Optional<Tensor> replacement(String name, long... shape) {
        Optional<String> found = tensors.whole(AdapterTensors.canonical(name));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Tensor tensor = take(found.get(), "the saved module", shape);
        replaced++;
        return applied() ? Optional.of(tensor) : Optional.empty();
    }

    /// Whether the adapter has a tensor that stands for one of the model.
    boolean replaces(String name) {
        return tensors.whole(AdapterTensors.canonical(name)).isPresent();
    }

    /// Whether it adapts a projection by low rank.
    boolean adapts(String module) {
        return tensors.module(AdapterTensors.canonical(module)).isPresent();
    }

    /// Whether it replaces a tensor by a copy in a module of its own, so that what was tied to the
    /// tensor keeps the model's.
    boolean unties(String name) {
        return applied() && replaces(name) && saved(AdapterTensors.canonical(name)).isPresent();
    }

    boolean trainsBiases() {
        return config.bias() != Bias.NONE;
    }

    void refuseLeftOver() {
        List<String> left = new ArrayList<>(tensors.checkpoint().names());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new CheckpointException(
                    "%s: %d of %d tensors belong to no module of %s that is adapted here, and without them the numbers would be wrong: %s; blocks' projections are adapted, embeddings and unembeddings only replaced (modules_to_save)"
                            .formatted(
                                    tensors.file(),
                                    left.size(),
                                    tensors.checkpoint().names().size(),
                                    model,
                                    AdapterTensors.some(left)));
        }
    }

    MappedFiles mapped() {
        return tensors.checkpoint().mapped();
    }

    /// Its directory, for messages.
    String name() {
        return source.directory().toString();
    }

    AppliedAdapter described() {
        return new AppliedAdapter(
                source.directory(),
                source.scale(),
                config.kind(),
                modules,
                ranks,
                replaced,
                config.baseModel(),
                config.sha256(),
                tensors.checkpoint().contentSha256());
    }
}
