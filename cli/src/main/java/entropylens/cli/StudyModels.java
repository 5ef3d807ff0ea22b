package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.adapter.AdapterSource;
import entropylens.batch.ModelIdentity;
import entropylens.chat.ChatForm;
import entropylens.checkpoint.FileChangedException;
import entropylens.family.LoadOptions;
import entropylens.hub.Models;
import entropylens.kernels.DeviceException;
import entropylens.study.StudyRun;
import entropylens.study.workbench.Subject;
import entropylens.tokenizer.Tokenizers;
import entropylens.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// The models of a run, and their untrained twins: loaded one at a time.
final class StudyModels {
    private final List<Path> directories;
    private final LoadingOptions loading;
    private final List<AdapterSource> adapters;
    private final Function<Path, Optional<ChatForm>> chat;
    private final boolean twins;
    private final ModelLenses lenses;
    private final List<String> labels;
    private final Map<String, Map<String, String>> hashes = new LinkedHashMap<>();
    private final Set<String> kernels = new LinkedHashSet<>();
    private final Map<String, String> templates = new LinkedHashMap<>();

    /// Opens each once, so that what cannot be used is said before anything is measured.
    ///
    /// @param adapters applied to the model; twins have none
    /// @param chat how a chat template writes the prompts for a model, where it does
    /// @param lenses beside the logit lens
    /// @param check of each
    StudyModels(
            List<Path> directories,
            LoadingOptions loading,
            List<AdapterSource> adapters,
            Function<Path, Optional<ChatForm>> chat,
            boolean twins,
            ModelLenses lenses,
            Consumer<Subject> check) {
        this.directories = List.copyOf(directories);
        this.loading = loading;
        this.adapters = List.copyOf(adapters);
        this.chat = chat;
        this.twins = twins;
        this.lenses = lenses;
        this.labels = match();
        for (int i = 0; i < directories.size(); i++) {
            String name = name(directories, i);
            with(
                    i,
                    OptionalLong.empty(),
                    subject -> {
                        check.accept(subject);
                        Map<String, String> about = ModelIdentity.of(subject.loaded());
                        about.putAll(ModelIdentity.of(subject.chat()));
                        about.putAll(lenses.identity(subject.name(), subject.lenses()));
                        hashes.put(name, about);
                        subject.chat()
                                .ifPresent(form -> templates.put(name, form.template().place()));
                    });
        }
    }

    /// Looks which lens is for which model, before anything is looked through.
    ///
    /// @return what the lenses beside the logit lens are called, the same for all models
    private List<String> match() {
        if (lenses.none()) {
            return List.of();
        }
        for (int i = 0; i < directories.size(); i++) {
            open(i, OptionalLong.empty(), lenses::look);
            if (twins) {
                open(i, OptionalLong.of(StudyRun.TWIN_SEED), lenses::lookAtTwin);
            }
        }
        lenses.settle();
        return lenses.labels();
    }

    /// What the lenses beside the logit lens are called, the same for all models.
    List<String> labels() {
        return labels;
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

    int threads() {
        return loading.threads();
    }

    /// Hands over each model, and then its twin.
    ///
    /// @return what is known of each, in that order
    List<Subject.About> each(Consumer<Subject> measure) {
        List<Subject.About> abouts = new ArrayList<>();
        for (int i = 0; i < directories.size(); i++) {
            Consumer<Subject> measured =
                    subject -> {
                        measure.accept(subject);
                        abouts.add(subject.about());
                    };
            measured(i, OptionalLong.empty(), measured);
            if (twins) {
                measured(i, OptionalLong.of(StudyRun.TWIN_SEED), measured);
            }
        }
        return abouts;
    }

    private void measured(int index, OptionalLong untrained, Consumer<Subject> measure) {
        try {
            with(index, untrained, measure);
        } catch (FileChangedException | DeviceException e) {
            throw new CliException(
                    e.getMessage()
                            + "; what was measured before is kept, and --resume goes on from there",
                    e);
        }
    }

    private void with(int index, OptionalLong untrained, Consumer<Subject> use) {
        Path directory = directories.get(index);
        Optional<ChatForm> form = chat.apply(directory);
        open(
                index,
                untrained,
                (name, lens) -> {
                    Subject subject =
                            new Subject(
                                    name,
                                    lens.loaded(),
                                    Tokenizers.open(directory),
                                    untrained,
                                    Zoo.isOfTinytown(directory),
                                    form,
                                    lenses.open(name, lens));
                    lens.loaded()
                            .files()
                            .reading(() -> {
                                use.accept(subject);
                                return subject;
                            });
                });
    }

    private void open(int index, OptionalLong untrained, BiConsumer<String, EntropyLens> use) {
        Path directory = directories.get(index);
        LoadOptions options =
                untrained.isPresent()
                        ? loading.options().untrained(untrained.getAsLong())
                        : loading.options().adapted(adapters);
        try (EntropyLens lens =
                EntropyLens.open(directory, options, loading.threads(), loading.device())) {
            kernels.add(lens.kernels());
            String name =
                    name(directories, index)
                            + AdapterOptions.shown(lens.loaded())
                            + (untrained.isPresent() ? ModelLenses.TWIN : "");
            use.accept(name, lens);
        }
    }

    /// A model's name; two of one name are told apart by their place.
    static String name(List<Path> directories, int index) {
        Map<String, Integer> counts = new HashMap<>();
        directories.forEach(path -> counts.merge(Models.nameOf(path), 1, Integer::sum));
        String name = Models.nameOf(directories.get(index));
        return counts.getOrDefault(name, 0) > 1 ? name + " #" + (index + 1) : name;
    }
}
