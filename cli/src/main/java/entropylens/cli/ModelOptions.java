package entropylens.cli;

import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import entropylens.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Which models are measured, by the names that people give them.
final class ModelOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Directory of a checkpoint in the Hugging Face layout, or a GGUF file; or a model that ships with entropy-lens (see 'entropy-lens models'); or one that 'entropy-lens pull' or Python has put into the Hugging Face cache: gpt2, Qwen/Qwen3-0.6B, org/name@revision, org/name:Q4_K_M of one in GGUF; or one of Ollama or LM Studio: ollama:NAME:TAG, lmstudio:PUBLISHER/REPOSITORY (default: "
                            + Zoo.DEFAULT
                            + ", which ships with entropy-lens).")
    List<String> names = new ArrayList<>();

    /// The directory of the one model that is named, or else of the zoo's default.
    ///
    /// @throws ParameterException when several are named
    Path one(HubSettings hub) {
        if (names.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--model is given %d times (%s), but %s takes one model"
                            .formatted(names.size(), String.join(", ", names), spec.name()));
        }
        return all(hub).getFirst();
    }

    /// The directories of all models that are named, in that order, or else of the zoo's default.
    List<Path> all(HubSettings hub) {
        if (!names.isEmpty()) {
            return names.stream().map(name -> find(name, hub)).toList();
        }
        return List.of(Zoo.defaultModel());
    }

    /// The directory of the model that a name means: a path, or else a model of the zoo, or else
    /// one in the cache of the hub.
    ///
    /// @throws HubException when it is none of these
    static Path find(String name, HubSettings hub) {
        Optional<Path> here = Models.path(name, hub).or(() -> Zoo.find(name));
        if (here.isPresent()) {
            return here.get();
        }
        try {
            return Models.find(name, hub);
        } catch (HubException e) {
            throw new HubException(e.getMessage() + hint(name), e.remedy(), e);
        }
    }

    /// What else may have been meant, or missing.
    private static String hint(String name) {
        List<String> near = Zoo.near(name);
        if (!near.isEmpty()) {
            return "; or did you mean %s, which ships with entropy-lens?"
                    .formatted(near.getFirst());
        }
        return Zoo.whyNot(name)
                .map(why -> "; it may be meant to ship with entropy-lens, but " + why)
                .orElse("");
    }
}
