package entropylens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A real trained model for tests, where there is one.
public final class RealModel {

    private RealModel() {}

    /// The directory of stories260K (MIT, github.com/karpathy/llama2.c) in the Hugging Face layout;
    /// skips the test when it is not there.
    public static Path stories260K() {
        String given = System.getenv("ENTROPY_LENS_TEST_MODEL");
        Path directory = Path.of(given != null ? given : "../../shared/models/stories260K");
        Assumptions.assumeTrue(
                Files.isDirectory(directory),
                () ->
                        "stories260K is not in %s; set ENTROPY_LENS_TEST_MODEL to its directory"
                                .formatted(directory.toAbsolutePath().normalize()));
        return directory;
    }
}
