package entropylens.cuda;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What `tools/gpu-check` found: a line of JSON for each thing, written at once, so that a crash or
/// the end of the time loses nothing.
final class CheckLog {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Path file;
    private final PrintStream out;

    CheckLog(Path file, PrintStream out) {
        this.file = file;
        this.out = out;
    }

    /// One finding.
    ///
    /// @param pairs names and values in turn
    void found(String part, Object... pairs) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("part", part);
        for (int i = 0; i < pairs.length; i += 2) {
            found.put((String) pairs[i], pairs[i + 1]);
        }
        String line = MAPPER.writeValueAsString(found);
        out.println(line);
        out.flush();
        try {
            Files.writeString(
                    file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A part, or a piece of one, that ended with an exception; the others go on.
    void failed(String part, Object what, Throwable e) {
        StackTraceElement[] stack = e.getStackTrace();
        found(
                part,
                "what",
                what,
                "failed",
                String.valueOf(e),
                "at",
                stack.length == 0 ? "" : String.valueOf(stack[0]));
    }
}
