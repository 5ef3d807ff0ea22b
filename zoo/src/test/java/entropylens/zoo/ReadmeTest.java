package entropylens.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java that the README shows is compiled and run.
class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir Path folder;

    @Test
    void theSnippetRuns() throws Exception {
        Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("../README.md")));
        assertThat(snippet.find()).isTrue();
        String before = System.getProperty(Zoo.PROPERTY, "");
        System.setProperty(Zoo.PROPERTY, Path.of("models").toAbsolutePath().toString());
        try (URLClassLoader classes = compiled(snippet.group(1))) {
            double[] mean = (double[]) classes.loadClass("Snippet").getMethod("run").invoke(null);
            assertThat(mean).hasSize(8);
            assertThat(mean).doesNotContain(0.0);
        } finally {
            System.setProperty(Zoo.PROPERTY, before);
        }
        assertThat(snippet.find()).as("another snippet").isFalse();
    }

    private URLClassLoader compiled(String snippet) throws IOException {
        String source =
                """
                import entropylens.EntropyLens;
                import entropylens.lens.TextProfile;

                public class Snippet {
                    public static double[] run() {
                        %s
                    }
                }
                """
                        .formatted(snippet.replace("double[] meanEntropyByLayer =", "return"));
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        boolean compiles =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                null,
                                null,
                                null,
                                List.of(
                                        "-d",
                                        folder.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path")),
                                null,
                                List.of(file))
                        .call();
        assertThat(compiles).as(source).isTrue();
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }
}
