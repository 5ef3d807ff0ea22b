package entropylens.result;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How JSON is written.
public final class Json {
    /// ASCII alone, as Python's json writes it: generated text may hold anything, and a result may
    /// be printed on a terminal.
    public static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
                    .addModule(FiniteNumbers.module())
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .enable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                    .build();

    private Json() {}

    /// Writes an object and a line break.
    public static void print(Map<String, ? extends @Nullable Object> document, PrintWriter out) {
        MAPPER.writeValue(out, document);
        out.println();
    }

    /// The number, or null where there is none.
    public static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    /// This program, for the record.
    public static Map<String, Object> program() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", Build.version());
        json.put("commit", Build.commit());
        return json;
    }
}
