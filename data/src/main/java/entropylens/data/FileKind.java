package entropylens.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What kind of file a user gave: by the ending of its name, and where that says nothing, by how it
/// begins. What begins like something else is refused.
enum FileKind {
    JSON_LINES,
    JSON_LIST,
    CSV,
    PARQUET,
    TEXT;

    /// Bytes that are looked at.
    private static final int HEAD = 4096;

    private static final String PARQUET_MAGIC = "50415231";

    /// How files begin that are given by mistake.
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        OTHERS.put("89504E47", "a PNG picture");
        OTHERS.put("FFD8FF", "a JPEG picture");
        OTHERS.put("47494638", "a GIF picture");
        OTHERS.put("25504446", "a PDF document");
        OTHERS.put("504B0304", "a ZIP archive (or an office document); unpack it or export it");
        OTHERS.put("1F8B", "compressed with gzip; unpack it with gunzip");
        OTHERS.put("28B52FFD", "compressed with zstd; unpack it with unzstd");
        OTHERS.put("425A68", "compressed with bzip2; unpack it with bunzip2");
        OTHERS.put("FD377A585A00", "compressed with xz; unpack it with unxz");
        OTHERS.put("4152524F5731", "an Arrow file; write it as Parquet");
        OTHERS.put("53514C69746520", "an SQLite database; export the table as CSV");
        OTHERS.put("FFFE", "UTF-16 text; save it as UTF-8");
        OTHERS.put("FEFF", "UTF-16 text; save it as UTF-8");
    }

    /// @throws DataException when there is no such file, or it is of no kind that is read
    static FileKind of(Path file) {
        byte[] head = head(file);
        String hex = HexFormat.of().withUpperCase().formatHex(head);
        boolean parquet = hex.startsWith(PARQUET_MAGIC);
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean namedParquet = name.endsWith(".parquet") || name.endsWith(".pq");
        if (parquet && !namedParquet && hasTextEnding(name)) {
            throw new DataException(
                    "%s: is a Parquet file by its content; name it .parquet".formatted(file));
        }
        if (namedParquet && !parquet) {
            throw new DataException(
                    "%s: is no Parquet file, which begins with PAR1".formatted(file));
        }
        if (parquet) {
            return PARQUET;
        }
        requireText(file, head, hex);
        return textKind(name, new String(head, StandardCharsets.UTF_8));
    }

    private static boolean hasTextEnding(String name) {
        return name.matches(".*\\.(jsonl|ndjson|json|csv|txt)");
    }

    private static byte[] head(Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException("%s: is a directory; give a file".formatted(file));
        }
        if (!Files.exists(file)) {
            throw new DataException("%s: there is no such file".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    "%s: is not a plain file; save what it gives as one".formatted(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static DataException unreadable(Path file, IOException e) {
        return new DataException(
                "%s: cannot be read (%s)".formatted(file, RunDirectory.reason(e)), e);
    }

    private static void requireText(Path file, byte[] head, String hex) {
        for (var other : OTHERS.entrySet()) {
            if (hex.startsWith(other.getKey())) {
                throw new DataException("%s: is %s".formatted(file, other.getValue()));
            }
        }
        for (byte b : head) {
            if (b == 0) {
                throw new DataException(
                        "%s: is binary, not text; JSON, CSV, Parquet and plain text can be read"
                                .formatted(file));
            }
        }
    }

    private static FileKind textKind(String name, String head) {
        String begin = head.startsWith("\uFEFF") ? head.substring(1) : head;
        begin = begin.stripLeading();
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".txt")) {
            return TEXT;
        }
        boolean json = name.matches(".*\\.(jsonl|ndjson|json)");
        if (begin.startsWith("[") && (json || begin.matches("(?s)\\[\\s*[{\\[\"].*"))) {
            return JSON_LIST;
        }
        return json || begin.startsWith("{") ? JSON_LINES : TEXT;
    }
}
