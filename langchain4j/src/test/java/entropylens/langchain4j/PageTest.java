package entropylens.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
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

/// The Java of docs/langchain4j.md is compiled and run, with a model that is here.
class PageTest {
    private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir Path folder;

    @Test
    void itsExampleRuns() throws Exception {
        Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("../docs/langchain4j.md")));
        assertThat(snippet.find()).isTrue();
        assertThat(snippet.group(1)).contains("\"Qwen/Qwen3-0.6B\"");
        String code =
                snippet.group(1)
                        .replace("Qwen/Qwen3-0.6B", TownChat.in(folder).toString())
                        .replace("System.out", "out");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader classes = compiled(code)) {
            classes.loadClass("Snippet")
                    .getMethod("run", PrintStream.class)
                    .invoke(null, new PrintStream(printed, true, StandardCharsets.UTF_8));
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).anyMatch(line -> line.matches("probability of the answer: [0-9.E-]+"));
        assertThat(lines.getLast()).matches(".* -[0-9.E-]+ \\[([0-9.E-]+, ){3}[0-9.E-]+]");
        assertThat(snippet.find()).as("another snippet").isFalse();
    }

    private URLClassLoader compiled(String snippet) throws Exception {
        String source =
                """
                import dev.langchain4j.data.message.*;
                import dev.langchain4j.model.chat.*;
                import dev.langchain4j.model.chat.request.*;
                import dev.langchain4j.model.chat.response.*;
                import entropylens.EntropyLens;
                import entropylens.langchain4j.*;
                import java.util.Arrays;

                public class Snippet {
                    public static void run(java.io.PrintStream out) {
                        %s
                    }
                }
                """
                        .formatted(snippet);
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of(
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        boolean compiles =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, null, options, null, List.of(file))
                        .call();
        assertThat(compiles).as(source).isTrue();
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }
}
