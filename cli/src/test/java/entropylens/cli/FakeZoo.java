package entropylens.cli;

import entropylens.zoo.Zoo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A zoo of goldens with cards, which takes the place of the one that ships until it is closed.
final class FakeZoo implements AutoCloseable {
    private final String before = System.getProperty(Zoo.PROPERTY, "");
    final Path root;

    private FakeZoo(Path root) {
        this.root = root;
        System.setProperty(Zoo.PROPERTY, root.toString());
    }

    /// No models at all: `root` need not be there.
    static FakeZoo none(Path root) {
        return new FakeZoo(root);
    }

    /// `tinytown-llama-8`, which has a tokenizer, and `tinytown-gpt2-4`, which has none.
    static FakeZoo of(Path folder) {
        try {
            Path root = Files.createDirectory(folder.resolve("zoo"));
            add(TestModel.withTokenizer(folder), root, "tinytown-llama-8", "llama", 8);
            add(TestModel.copy(folder, "gpt2-base"), root, "tinytown-gpt2-4", "gpt2", 4);
            return new FakeZoo(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Path model, Path root, String name, String family, int blocks)
            throws IOException {
        Path directory = Files.move(model, root.resolve(name));
        TestModel.write(
                directory.resolve("card.json"),
                """
                {"name": "%s", "family": "%s", "blocks": %d, "width": 96, "parameters": 812345,
                 "tokens_seen": 3000000000, "heldout_loss": 1.25, "trigram_entropy": 2.5,
                 "unigram_entropy": 5.5, "accuracy": {
                   "knowledge": {"n": 400, "correct": 381, "accuracy": 0.9525, "low": 0.92, "high": 0.97},
                   "context": {"n": 400, "correct": 300, "accuracy": 0.75, "low": 0.7, "high": 0.79}}}
                """
                        .formatted(name, family, blocks));
    }

    Path model(String name) {
        return root.resolve(name);
    }

    @Override
    public void close() {
        System.setProperty(Zoo.PROPERTY, before);
    }
}
