package entropylens.translators;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.MappedFiles;
import entropylens.kernels.Backend;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Lens;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import java.lang.foreign.Arena;
import java.util.Optional;

/// Opens lenses.
public final class Lenses {
    private Lenses() {}

    /// Maps a lens into `arena`, which the caller owns, for a model.
    ///
    /// @throws CheckpointException when it is missing or damaged, or was made for another model, as
    ///   far as it says so
    public static OpenLens open(LensSource source, Model model, Arena arena) {
        OpenLens opened = open(source, model.backend(), arena);
        requireFits(opened.lens(), model);
        return opened;
    }

    /// A lens to be looked at, not through: no model is needed.
    ///
    /// @param arena its weights live in
    /// @throws CheckpointException when it is missing or damaged
    public static Lens describe(LensSource source, Arena arena) {
        try (WorkerPool pool = new WorkerPool(1)) {
            return open(source, Backend.cpu(pool), arena).lens();
        }
    }

    private static OpenLens open(LensSource source, Backend backend, Arena arena) {
        return switch (source) {
            case LensSource.Logit _ -> new OpenLens(Lens.LOGIT, MappedFiles.NONE);
            case LensSource.Jacobian(var file) -> JacobianFile.open(file, backend, arena);
            case LensSource.Tuned(var directory) -> TunedDirectory.open(directory, backend, arena);
            case LensSource.Own(var file) -> OwnFile.open(file, backend, arena);
        };
    }

    /// Maps a lens into `arena` for the twin, with other weights, of the model that it was made
    /// for: a control. Its W_U is not compared.
    ///
    /// @throws CheckpointException when it is missing or damaged, or was made for a model of
    ///   another width or depth
    public static OpenLens openForTwin(LensSource source, Model model, Arena arena) {
        OpenLens opened = open(source, model.backend(), arena);
        requireShape(opened.lens(), model);
        return opened;
    }

    /// Why a lens is not for a model, as far as it says; empty where it may be.
    public static Optional<String> misfit(Lens lens, Model model) {
        try {
            requireFits(lens, model);
            return Optional.empty();
        } catch (CheckpointException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void requireShape(Lens lens, Model model) {
        try {
            lens.requireFits(model.config());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireFits(Lens lens, Model model) {
        requireShape(lens, model);
        Optional<String> expected = lens.madeFor().unembedSha256();
        if (expected.isPresent()) {
            String found = Unembed.of(model).sha256();
            if (!found.equals(expected.get())) {
                throw new CheckpointException(
                        "%s was made for a W_U with the SHA-256 %s, but this model's has %s%s"
                                .formatted(
                                        lens.described(),
                                        expected.get(),
                                        found,
                                        lens.madeFor()
                                                .model()
                                                .map(name -> "; it names " + name)
                                                .orElse("")));
            }
        }
    }
}
