package entropylens.zoo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Directories that look like the zoo's, without weights.
final class TestZoo {
    private TestZoo() {}

    /// A model's directory with a card.
    static Path model(Path root, String name, String family, int blocks) {
        return model(root, name, card(name, family, blocks));
    }

    static Path model(Path root, String name, String card) {
        try {
            Path directory = Files.createDirectory(root.resolve(name));
            Files.writeString(directory.resolve("config.json"), "{}");
            Files.writeString(directory.resolve("card.json"), card);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As the script that trains writes it.
    static String card(String name, String family, int blocks) {
        return """
        {"name": "%s", "family": "%s", "blocks": %d, "width": 96, "parameters": 812345,
         "tokens_seen": 3000000000, "heldout_loss": 1.25, "trigram_entropy": 2.5,
         "unigram_entropy": 5.5,
         "accuracy": {"knowledge": {"n": 400, "correct": 380, "accuracy": 0.95, "low": 0.92, "high": 0.97},
                      "context": {"n": 400, "correct": 300, "accuracy": 0.75, "low": 0.7, "high": 0.79}},
         "corpus": {"seed": 1, "sha256": "00"}, "command": "train", "hardware": ["one"]}
        """
                .formatted(name, family, blocks);
    }
}
