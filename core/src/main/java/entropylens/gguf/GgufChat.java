package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a GGUF file says that chats are written.
///
/// @param template in Jinja, where the file has one
/// @param specialTokens by the names that templates have for them, such as `bos_token`
public record GgufChat(Optional<String> template, Map<String, String> specialTokens) {
    /// Where the template is in the metadata.
    public static final String KEY = "tokenizer.chat_template";

    private static final String PREFIX = "tokenizer.ggml.";

    /// Names of templates, and keys of ids; one is misspelled in the format.
    private static final Map<String, String> IDS =
            Map.of(
                    "bos_token", "bos_token_id",
                    "eos_token", "eos_token_id",
                    "unk_token", "unknown_token_id",
                    "sep_token", "seperator_token_id",
                    "pad_token", "padding_token_id",
                    "cls_token", "cls_token_id",
                    "mask_token", "mask_token_id");

    public GgufChat {
        specialTokens = Map.copyOf(specialTokens);
    }

    /// Reads it from the metadata of a file, whatever its architecture.
    ///
    /// @throws CheckpointException when the file is damaged
    public static GgufChat read(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = GgufFiles.open(file, arena).getFirst().metadata();
            return new GgufChat(metadata.text(KEY), specialTokens(metadata));
        }
    }

    private static Map<String, String> specialTokens(GgufMetadata metadata) {
        List<String> tokens = metadata.texts(PREFIX + "tokens");
        Map<String, String> special = new LinkedHashMap<>();
        IDS.forEach((name, key) ->
                metadata.integer(PREFIX + key)
                        .ifPresent(id -> {
                            if (id < 0 || id >= tokens.size()) {
                                throw new CheckpointException(
                                        "%s: %s is %d, but there are %,d tokens; the file is damaged, download it again"
                                                .formatted(
                                                        metadata.file(),
                                                        PREFIX + key,
                                                        id,
                                                        tokens.size()));
                            }
                            special.put(name, tokens.get(id));
                        }));
        return special;
    }
}
