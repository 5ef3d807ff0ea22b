package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.lens.Lens;
import entropylens.translators.LensSource;
import entropylens.translators.Lenses;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The lenses of a command line, and which of its models each is for: what a lens says of its model
/// decides.
final class ModelLenses {
    private final List<String> given;

    /// By lens, and then by model that was looked at: why not; empty where it fits.
    private final Map<String, Map<String, String>> looks = new LinkedHashMap<>();

    private final Map<String, String> namedModels = new LinkedHashMap<>();
    private final Map<String, String> modelOf = new LinkedHashMap<>();

    private ModelLenses(List<String> given) {
        this.given = given;
        given.forEach(lens -> looks.put(lens, new LinkedHashMap<>()));
    }

    /// @param words of the command line; `logit` is what models have without a lens
    /// @throws ParameterException when they name no lens
    static ModelLenses of(List<String> words, CommandSpec spec) {
        for (String word : words) {
            try {
                LensSource.parse(word);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--lens: " + e.getMessage());
            }
        }
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
        for (String lens : given) {
            try (Arena arena = Arena.ofShared()) {
                Lens described = Lenses.describe(LensSource.parse(lens), arena);
                described.madeFor().model().ifPresent(name -> namedModels.put(lens, name));
                looks.get(lens).put(model, Lenses.misfit(described, opened.model()).orElse(""));
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
                models.keySet().stream().filter(name -> models.get(name).isEmpty()).toList();
        if (fitting.size() > 1) {
            String named = namedModels.getOrDefault(lens, "");
            fitting = fitting.contains(named) ? List.of(named) : fitting;
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

    /// In manifests: kind and hash.
    static String identity(Lens lens) {
        return lens.kind() + lens.origin().map(from -> ", sha256 " + from.sha256()).orElse("");
    }
}
