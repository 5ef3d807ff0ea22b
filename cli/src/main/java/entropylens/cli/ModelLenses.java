package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.study.workbench.StudyLens;
import entropylens.translators.LensSource;
import entropylens.translators.Lenses;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/// The lenses of a command line, and which of its models each is for: what a lens says of its model
/// decides.
final class ModelLenses {
    private final List<String> given;

    /// By lens, and then by model that was looked at: why not; empty where it fits.
    private final Map<String, Map<String, String>> looks = new LinkedHashMap<>();

    /// Ends the name of an untrained twin.
    static final String TWIN = " (untrained)";

    private final Map<String, String> kinds = new LinkedHashMap<>();
    private final Map<String, String> namedModels = new LinkedHashMap<>();
    private final Map<String, String> modelOf = new LinkedHashMap<>();

    private ModelLenses(List<String> given) {
        this.given = given;
        given.forEach(lens -> looks.put(lens, new LinkedHashMap<>()));
    }

    /// @param words of the command line; `logit` is what models have without a lens
    /// @throws picocli.CommandLine.ParameterException when they name no lens
    static ModelLenses of(List<String> words, CommandSpec spec) {
        words.forEach(word -> LensWords.source(word, "--lens", spec));
        return new ModelLenses(
                words.stream().filter(word -> !word.equals("logit")).distinct().toList());
    }

    boolean none() {
        return given.isEmpty();
    }

    /// Looks which of the lenses may be for a model.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when one is missing or damaged
    void look(String model, EntropyLens opened) {
        look(model, opened, false);
    }

    /// Looks which of the lenses were made for an untrained twin; those that do not say for which
    /// W_U they were made were not.
    void lookAtTwin(String twin, EntropyLens opened) {
        look(twin, opened, true);
    }

    private void look(String model, EntropyLens opened, boolean twin) {
        for (String lens : given) {
            try (Arena arena = Arena.ofShared()) {
                Lens described = Lenses.describe(LensSource.parse(lens), arena);
                kinds.put(lens, described.kind());
                described.madeFor().model().ifPresent(name -> namedModels.put(lens, name));
                if (!twin || described.madeFor().unembedSha256().isPresent()) {
                    looks.computeIfAbsent(lens, l -> new LinkedHashMap<>())
                            .put(model, Lenses.misfit(described, opened.model()).orElse(""));
                }
            }
        }
    }

    /// Decides, once all models were looked at.
    ///
    /// @throws CliException when a lens fits no model, or several and does not say which
    void settle() {
        looks.forEach((lens, models) -> modelOf.put(lens, model(lens, models)));
    }

    private String model(String lens, Map<String, String> models) {
        List<String> fitting =
                models.entrySet().stream()
                        .filter(look -> look.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList();
        if (fitting.size() > 1) {
            String named = namedModels.getOrDefault(lens, "");
            List<String> namesakes =
                    fitting.stream().filter(one -> ofTwin(one).equals(named)).toList();
            fitting = namesakes.size() == 1 ? namesakes : fitting;
        }
        if (fitting.isEmpty()) {
            throw new CliException("--lens: " + String.join("; ", models.values()));
        }
        if (fitting.size() > 1) {
            throw new CliException(
                    "--lens: %s may be for %s, and does not say for which; run each model by itself"
                            .formatted(lens, String.join(" or ", fitting)));
        }
        return fitting.getFirst();
    }

    private static String ofTwin(String name) {
        return name.endsWith(TWIN) ? name.substring(0, name.length() - TWIN.length()) : name;
    }

    /// What the lenses are called: by kind; the second of one kind `ridge 2`.
    ///
    /// @throws CliException when models have others
    List<String> labels() {
        Map<String, List<String>> byModel = new LinkedHashMap<>();
        looks.values().stream()
                .flatMap(models -> models.keySet().stream())
                .distinct()
                .filter(name -> !name.endsWith(TWIN))
                .forEach(name -> byModel.put(name, List.copyOf(labelled(name).keySet())));
        List<String> first = byModel.values().iterator().next();
        byModel.forEach((name, labels) -> {
            List<String> ofTwin = new ArrayList<>(labelled(name + TWIN).keySet());
            ofTwin.removeAll(labels);
            if (!ofTwin.isEmpty()) {
                throw new CliException(
                        "--lens: the untrained twin of %s has the lens %s, which the model lacks; give it one"
                                .formatted(name, ofTwin.getFirst()));
            }
            if (labels.size() != first.size() || !labels.containsAll(first)) {
                throw new CliException(
                        "--lens: each model needs one of every kind, but %s"
                                .formatted(
                                        byModel.entrySet().stream()
                                                .map(one ->
                                                        "%s has %s"
                                                                .formatted(
                                                                        one.getKey(),
                                                                        one.getValue().isEmpty()
                                                                                ? "none"
                                                                                : String.join(
                                                                                        ", ",
                                                                                        one
                                                                                                .getValue())))
                                                .collect(Collectors.joining("; "))));
            }
        });
        return first;
    }

    /// The lenses that are for a model, by label.
    private Map<String, String> labelled(String model) {
        Map<String, String> labelled = new LinkedHashMap<>();
        for (String lens : of(model)) {
            String kind = String.valueOf(kinds.get(lens));
            String label = kind;
            for (int n = 2; labelled.containsKey(label); n++) {
                label = kind + " " + n;
            }
            labelled.put(label, lens);
        }
        return labelled;
    }

    /// The lenses of a model, or of an untrained twin: where none was made for the twin, its
    /// model's, which then says what the lens makes of a stream without meaning.
    List<StudyLens> open(String name, EntropyLens model) {
        Map<String, String> own = labelled(name);
        return labelled(ofTwin(name)).entrySet().stream()
                .map(one -> {
                    String made = own.get(one.getKey());
                    Lens lens =
                            made == null
                                    ? model.openLensForTwin(one.getValue())
                                    : model.openLens(made);
                    return new StudyLens(one.getKey(), withEmbedding(lens));
                })
                .toList();
    }

    /// Some lenses say nothing of the embedding, which studies read for the first block's sake: it
    /// is read as it is.
    private static Lens withEmbedding(Lens lens) {
        SortedMap<Integer, Translator> all = new TreeMap<>(lens.translators());
        int width = lens.translators().firstEntry().getValue().dModel();
        all.putIfAbsent(0, new Translator.Shift(new float[width]));
        return new Lens(lens.kind(), lens.origin(), lens.madeFor(), all);
    }

    /// The lenses that are for a model, in the order given.
    List<String> of(String model) {
        List<String> lenses = new ArrayList<>();
        modelOf.forEach((lens, its) -> {
            if (its.equals(model)) {
                lenses.add(lens);
            }
        });
        return lenses;
    }

    /// The one lens that is for a model; `logit` where none is.
    ///
    /// @throws CliException when there are several
    String only(String model) {
        List<String> lenses = of(model);
        if (lenses.size() > 1) {
            throw new CliException(
                    "--lens: %s are all for %s, which is looked at through one; run it once for each"
                            .formatted(String.join(" and ", lenses), model));
        }
        return lenses.isEmpty() ? "logit" : lenses.getFirst();
    }

    /// In manifests, by name: the lenses of a model, and those that were made for its twin.
    Map<String, String> identity(String model, List<StudyLens> its) {
        Map<String, String> identity = new LinkedHashMap<>();
        its.forEach(one -> identity.put("lens " + one.label(), identity(one.lens())));
        labelled(model + TWIN)
                .forEach((label, lens) -> {
                    try (Arena arena = Arena.ofShared()) {
                        identity.put(
                                "lens of the untrained twin, " + label,
                                identity(Lenses.describe(LensSource.parse(lens), arena)));
                    }
                });
        return identity;
    }

    /// In manifests: kind and hash.
    static String identity(Lens lens) {
        return lens.kind() + lens.origin().map(from -> ", sha256 " + from.sha256()).orElse("");
    }
}
