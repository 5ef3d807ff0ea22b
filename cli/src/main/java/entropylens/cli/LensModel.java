package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.hub.HubSettings;
import java.io.PrintWriter;
import java.nio.file.Path;

/// The model that a lens is fitted on, or lenses are compared on.
final class LensModel {
    private LensModel() {}

    /// Opens it, and says what is worth knowing of it.
    static EntropyLens open(
            Path directory,
            UntrainedOption untrained,
            LoadingOptions loading,
            AdapterOptions adapters,
            HubSettings hub,
            PrintWriter err) {
        EntropyLens lens =
                EntropyLens.open(
                        directory,
                        untrained.of(loading.options().adapted(adapters.sources(hub))),
                        loading.threads(),
                        loading.device());
        LoadingOptions.note(lens.loaded(), err);
        AdapterOptions.noteOtherBase(lens.loaded(), err);
        LoadingOptions.noteSlowKernels(lens.model().kernels(), err);
        return lens;
    }
}
