package entropylens.zoo;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.NearNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that ship with entropy-lens: the directories in one directory, which the launcher
/// names. They are small, and were trained on Tinytown ([entropylens.zoo.town.Corpus]).
public final class Zoo {
    /// The system property that names the directory of the models.
    public static final String PROPERTY = "entropylens.zoo";

    /// The model that is meant where none is named.
    public static final String DEFAULT = "tinytown-llama-8";

    /// What the names of the shipped models begin with.
    private static final String TINYTOWN = "tinytown-";

    private static final String WHAT_TO_DO =
            "start ./entropy-lens of a complete checkout, set -D%s=DIRECTORY, or name a model of your own with --model"
                    .formatted(PROPERTY);

    private Zoo() {}

    /// The directory of the models.
    ///
    /// @throws CheckpointException when it is not known, or not there
    public static Path root() {
        missing()
                .ifPresent(why -> {
                    throw new CheckpointException(why);
                });
        return Path.of(named());
    }

    private static String named() {
        return System.getProperty(PROPERTY, "");
    }

    /// Why there is no zoo, if there is none.
    private static Optional<String> missing() {
        if (named().isEmpty()) {
            return Optional.of(
                    "the models that ship with entropy-lens cannot be found: the system property %s, which the launcher sets, is not set; %s"
                            .formatted(PROPERTY, WHAT_TO_DO));
        }
        return Files.isDirectory(Path.of(named()))
                ? Optional.empty()
                : Optional.of(
                        "%s: the directory of the models that ship with entropy-lens is not there; %s"
                                .formatted(named(), WHAT_TO_DO));
    }

    /// The cards of all models, by family and number of blocks.
    ///
    /// @throws CheckpointException when the zoo is not there or empty, or a card is missing or
    ///   damaged
    public static List<ModelCard> models() {
        Path root = root();
        List<String> names = names(root);
        if (names.isEmpty()) {
            throw new CheckpointException("%s: holds no models; %s".formatted(root, WHAT_TO_DO));
        }
        return names.stream()
                .map(name -> ModelCard.read(root.resolve(name)))
                .sorted(
                        Comparator.comparing(ModelCard::family)
                                .thenComparing(ModelCard::blocks)
                                .thenComparing(ModelCard::name))
                .toList();
    }

    /// Whether a model was trained on Tinytown's text: it is one of the zoo, or has a card as they
    /// do, wherever it lies.
    public static boolean isOfTinytown(Path directory) {
        if (!Files.isRegularFile(directory.resolve(ModelCard.FILE))) {
            return false;
        }
        try {
            return ModelCard.read(directory).name().startsWith(TINYTOWN);
        } catch (CheckpointException someoneElsesCard) {
            return false;
        }
    }

    /// The directory of the model of this name, if there is one.
    public static Optional<Path> find(String name) {
        return missing().isEmpty() && names(root()).contains(name)
                ? Optional.of(root().resolve(name))
                : Optional.empty();
    }

    /// The directory of [#DEFAULT].
    ///
    /// @throws CheckpointException when it is not there
    public static Path defaultModel() {
        Path root = root();
        return find(DEFAULT)
                .orElseThrow(() ->
                        new CheckpointException(
                                "%s: holds no model %s, which is used where none is named; %s"
                                        .formatted(root, DEFAULT, WHAT_TO_DO)));
    }

    /// The names that somebody may have meant who wrote `name`, nearest first; none where nothing
    /// is near.
    public static List<String> near(String name) {
        return missing().isEmpty() ? NearNames.of(name, names(root())) : List.of();
    }

    /// Why a name that looks like one of the zoo's is not found, where that is because the zoo
    /// itself is not there.
    public static Optional<String> whyNot(String name) {
        return name.startsWith(TINYTOWN) ? missing() : Optional.empty();
    }

    /// Directories with a configuration or a card, whatever else lies beside them.
    private static List<String> names(Path root) {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(path ->
                            Files.isRegularFile(path.resolve("config.json"))
                                    || Files.isRegularFile(path.resolve(ModelCard.FILE)))
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be listed (%s)".formatted(root, e), e);
        } catch (UncheckedIOException e) {
            throw new CheckpointException(
                    "%s: cannot be listed (%s)".formatted(root, e.getCause()), e);
        }
    }
}
