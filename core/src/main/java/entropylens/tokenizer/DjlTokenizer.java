package entropylens.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// A `tokenizer.json`: encoded by Hugging Face's own library (through DJL), decoded here, token by
/// token. Where its decoder needs to see more than one token, the library decodes as well.
///
/// Decoding agrees with that library on every sequence of ids of a byte-level tokenizer, and with
/// byte fallback wherever the bytes are UTF-8. Where they are not, the library makes a whole run of
/// byte tokens U+FFFD, whole characters included; here those stay, for a stream has long since
/// returned them. `clean_up_tokenization_spaces`, which transformers applies on top for some
/// models, is not applied.
public final class DjlTokenizer implements Tokenizer {

    private static final int MAX_BYTES = 512_000_000;

    static {
        // before any class of DJL is loaded; else it asks the network, and looks for a GPU's build
        System.setProperty("ai.djl.offline", "true");
        if (System.getProperty("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
    }

    private final Path file;
    private final HuggingFaceTokenizer encoder;
    private final Vocabulary vocabulary;

    private DjlTokenizer(Path file, HuggingFaceTokenizer encoder, Vocabulary vocabulary) {
        this.file = file;
        this.encoder = encoder;
        this.vocabulary = vocabulary;
    }

    /// Reads `tokenizerJson`, a file of this format under any name, with what tokenizer_config.json
    /// and its like beside it add.
    ///
    /// @throws CheckpointException when it is not there or cannot be used
    /// @throws IllegalStateException when the native library does not run on this machine
    public static Tokenizer open(Path tokenizerJson) {
        if (!Files.isRegularFile(tokenizerJson)) {
            throw Tokenizers.missing(tokenizerJson);
        }
        var read =
                ConfiguredTokenizer.read(tokenizerJson, StrictJson.bytes(tokenizerJson, MAX_BYTES));
        return new DjlTokenizer(tokenizerJson, load(tokenizerJson, read.json()), read.vocabulary());
    }

    /// Uses `json`, a tokenizer.json that was made of `file` and others beside it.
    static Tokenizer open(Path file, byte[] json) {
        Vocabulary vocabulary = TokenizerJson.read(file, json).vocabulary();
        return new DjlTokenizer(file, load(file, json), vocabulary);
    }

    private static HuggingFaceTokenizer load(Path file, byte[] bytes) {
        var options = Map.of("truncation", "false", "padding", "false");
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "the native tokenizer library does not run on this machine (%s, %s): %s"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    e.getMessage()),
                    e);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException(
                    "%s: the tokenizer library refuses it: %s; download it again, or report it if it works elsewhere"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    @Override
    public int[] encode(String text) {
        return encode(text, true);
    }

    @Override
    public int[] encodeWithoutSpecialTokens(String text) {
        return encode(text, false);
    }

    private int[] encode(String text, boolean special) {
        try {
            long[] ids = encoder.encode(wellFormed(text), special, false).getIds();
            return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) { // an unknown character and no unknown token, for example
            throw new CheckpointException(
                    "%s: the tokenizer library cannot encode the text: %s; download the file again"
                            .formatted(file, e.getMessage()),
                    e);
        } finally {
            Reference.reachabilityFence(this); // the encoder's finalizer frees what it works on
        }
    }

    /// An unpaired surrogate has no UTF-8, and the native side would see three stray bytes.
    private static String wellFormed(String text) {
        if (text.codePoints().noneMatch(DjlTokenizer::isSurrogate)) {
            return text;
        }
        var fixed = new StringBuilder(text.length());
        text.codePoints().forEach(c -> fixed.appendCodePoint(isSurrogate(c) ? 0xFFFD : c));
        return fixed.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    @Override
    public String decode(int[] ids) {
        if (!vocabulary.isStreamed()) {
            return decodeByLibrary(
                    Arrays.stream(ids)
                            .peek(vocabulary::require)
                            .filter(id -> !vocabulary.isSpecial(id))
                            .toArray());
        }
        var stream = stream();
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.add(id));
        }
        return text.append(stream.end()).toString();
    }

    @Override
    public String token(int id) {
        return isDecodedByLibrary(id) ? Utf8.shown(bytesByLibrary(id)) : vocabulary.shown(id);
    }

    @Override
    public byte[] bytes(int id) {
        return isDecodedByLibrary(id) ? bytesByLibrary(id) : vocabulary.bytes(id);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public boolean contains(int id) {
        return vocabulary.contains(id);
    }

    @Override
    public TextStream stream() {
        return vocabulary.isStreamed()
                ? vocabulary.stream()
                : new WholeTextStream(vocabulary, this::decodeByLibrary);
    }

    private boolean isDecodedByLibrary(int id) {
        return !vocabulary.isStreamed() && vocabulary.contains(id) && !vocabulary.isSpecial(id);
    }

    private byte[] bytesByLibrary(int id) {
        return decodeByLibrary(new int[] {id}).getBytes(StandardCharsets.UTF_8);
    }

    private String decodeByLibrary(int[] ids) {
        try {
            return encoder.decode(Arrays.stream(ids).asLongStream().toArray(), false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// For tests: what the native library makes of `ids`.
    String nativeDecode(int[] ids) {
        try {
            return encoder.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
