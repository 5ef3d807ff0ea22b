package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.adapter.AdapterSource;
import entropylens.batch.BatchModel;
import entropylens.batch.ModelIdentity;
import entropylens.chat.ChatForm;
import entropylens.checkpoint.FileChangedException;
import entropylens.kernels.DeviceException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// The models of a batch, opened one at a time.
final class BatchModels {
    private final List<Path> directories;
    private final LoadingOptions loading;
    private final List<AdapterSource> adapters;
    private final Function<Path, Optional<ChatForm>> chat;
    private final ModelLenses lenses;
    private final Map<String, Map<String, String>> hashes = new LinkedHashMap<>();
    private final Set<String> kernels = new LinkedHashSet<>();
    private final Map<String, String> templates = new LinkedHashMap<>();

    /// @param chat how a chat template writes the prompts for a model, where it does
    /// @param lenses through what the models are looked at
    BatchModels(
            List<Path> directories,
            LoadingOptions loading,
            List<AdapterSource> adapters,
            Function<Path, Optional<ChatForm>> chat,
            ModelLenses lenses) {
        this.directories = List.copyOf(directories);
        this.loading = loading;
        this.adapters = List.copyOf(adapters);
        this.chat = chat;
        this.lenses = lenses;
    }

    /// Opens each once, so that what cannot be used is said before anything is measured.
    void check(PrintWriter err, Consumer<BatchModel> check) {
        match();
        for (int i = 0; i < directories.size(); i++) {
            with(
                    i,
                    model -> {
                        LoadingOptions.noteNamed(model.lens().loaded(), err);
                        AdapterOptions.noteOtherBase(model.lens().loaded(), err);
                        check.accept(model);
                        Map<String, String> about = ModelIdentity.of(model.lens().loaded());
                        about.putAll(ModelIdentity.of(model.chat()));
                        if (!model.through().isLogit()) {
                            about.put("lens", ModelLenses.identity(model.through()));
                        }
                        hashes.put(model.name(), about);
                        model.chat()
                                .ifPresent(form ->
                                        templates.put(model.name(), form.template().place()));
                    });
        }
    }

    /// Which lens is for which model has to be known before any is looked through.
    private void match() {
        for (int i = 0; i < directories.size() && !lenses.none(); i++) {
            open(i, lenses::look);
        }
        lenses.settle();
    }

    void each(Consumer<BatchModel> use) {
        for (int i = 0; i < directories.size(); i++) {
            try {
                with(i, use);
            } catch (FileChangedException | DeviceException e) {
                throw new CliException(
                        e.getMessage()
                                + "; what was measured before is kept, and --resume goes on from there",
                        e);
            }
        }
    }

    private void with(int index, Consumer<BatchModel> use) {
        Optional<ChatForm> form = chat.apply(directories.get(index));
        open(
                index,
                (name, lens) ->
                        use.accept(
                                new BatchModel(
                                        name, lens, form, lens.openLens(lenses.only(name)))));
    }

    private void open(int index, BiConsumer<String, EntropyLens> use) {
        Path directory = directories.get(index);
        try (EntropyLens lens =
                EntropyLens.open(
                        directory,
                        loading.options().adapted(adapters),
                        loading.threads(),
                        loading.device())) {
            String name =
                    StudyModels.name(directories, index) + AdapterOptions.shown(lens.loaded());
            kernels.add(lens.kernels());
            use.accept(name, lens);
        }
    }

    /// By name: hashes and type of the weights.
    Map<String, Map<String, String>> hashes() {
        return hashes;
    }

    /// What computed each of them.
    String kernels() {
        return String.join("; ", kernels);
    }

    /// By name: where the chat template is that writes the prompts, where one does.
    Map<String, String> templates() {
        return templates;
    }

    List<Path> directories() {
        return directories;
    }
}
