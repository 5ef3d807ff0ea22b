package entropylens.adapter;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.MappedFiles;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Adapted;
import entropylens.kernels.Linear;
import entropylens.kernels.LowRank;
import entropylens.kernels.Projection;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The adapters that are applied to a model, all of them active, in their order. Whoever reads the
/// model asks for each projection what is added to it, and for each tensor what stands for it.
///
/// Not safe for use by several threads.
public final class Adapters {
    /// None: the model as it is.
    public static final Adapters NONE = new Adapters(List.of());

    private final List<Adapter> adapters;

    private Adapters(List<Adapter> adapters) {
        this.adapters = List.copyOf(adapters);
    }

    /// Maps the adapters' tensors into `arena`, which the caller owns.
    ///
    /// @param model where the model lies, for messages
    /// @param pool the threads that compute what is computed once
    /// @throws CheckpointException when one of them cannot be used, or they do not go together
    public static Adapters open(
            List<AdapterSource> sources, Path model, Arena arena, WorkerPool pool) {
        List<Adapter> adapters = new ArrayList<>();
        for (AdapterSource source : sources) {
            adapters.add(Adapter.open(source, model, arena, pool));
        }
        if (adapters.size() > 1 && adapters.stream().anyMatch(Adapter::trainsBiases)) {
            throw new CheckpointException(
                    "%s: one of several adapters has biases of its own (bias is not none), and PEFT has no meaning for that; apply one at a time"
                            .formatted(names(adapters)));
        }
        return new Adapters(adapters);
    }

    private static String names(List<Adapter> adapters) {
        return adapters.stream().map(Adapter::name).collect(Collectors.joining(", "));
    }

    /// A projection with what the adapters add to it.
    ///
    /// @param module its name in the model's files, without `.weight`
    /// @throws CheckpointException when an adapter does not fit it
    public Projection adapt(String module, Linear base) {
        List<LowRank> updates = new ArrayList<>();
        for (Adapter adapter : adapters) {
            adapter.update(module, base).ifPresent(updates::add);
        }
        return updates.isEmpty() ? base : new Adapted(base, updates);
    }

    /// The tensor of an adapter that stands for one of the model, if there is one.
    ///
    /// @param name of the model's tensor
    /// @param shape that it must have
    /// @throws CheckpointException when it has another, or several adapters claim the tensor
    public Optional<Tensor> replacement(String name, long... shape) {
        List<Adapter> claiming =
                adapters.stream().filter(adapter -> adapter.replaces(name)).toList();
        if (claiming.isEmpty()) {
            return Optional.empty();
        }
        String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        List<Adapter> adapting =
                adapters.stream()
                        .filter(adapter -> name.endsWith(".weight") && adapter.adapts(module))
                        .toList();
        if (claiming.size() + adapting.size() > 1) {
            List<Adapter> all = new ArrayList<>(claiming);
            all.addAll(adapting);
            throw new CheckpointException(
                    "%s: more than one of them changes '%s', and one keeps it whole, which PEFT does not add up; apply one at a time"
                            .formatted(names(all), name));
        }
        return claiming.getFirst().replacement(name, shape);
    }

    /// Whether an adapter replaces a tensor in such a way that what is tied to it stays the
    /// model's: `modules_to_save` copies a module, and the copy is trained.
    public boolean unties(String name) {
        return adapters.stream().anyMatch(adapter -> adapter.unties(name));
    }

    /// Stops the load when a tensor of an adapter was not taken.
    ///
    /// @throws CheckpointException when such tensors are left
    public void refuseLeftOver() {
        adapters.forEach(Adapter::refuseLeftOver);
    }

    /// The files, as they must stay.
    public MappedFiles mapped() {
        MappedFiles all = MappedFiles.NONE;
        for (Adapter adapter : adapters) {
            all = all.and(adapter.mapped());
        }
        return all;
    }

    /// What was applied, to be asked when all of the model is read.
    public List<AppliedAdapter> applied() {
        return adapters.stream().map(Adapter::described).toList();
    }
}
