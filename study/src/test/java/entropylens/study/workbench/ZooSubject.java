package entropylens.study.workbench;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The smallest model of the zoo, loaded.
public final class ZooSubject implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("../zoo/models/tinytown-llama-4");

    private final EntropyLens lens = EntropyLens.open(DIRECTORY, LoadOptions.NONE, 2);
    public final Subject subject =
            new Subject(
                    "small", lens.loaded(), Tokenizers.open(DIRECTORY), OptionalLong.empty(), true);

    @Override
    public void close() {
        lens.close();
    }
}
