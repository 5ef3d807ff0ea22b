package entropylens.chat;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The templates of a checkpoint of Hugging Face, by name, as transformers 5.18 finds them: files
/// in Jinja go before those in tokenizer_config.json.
final class TemplateFiles {
    static final String CONFIG = "tokenizer_config.json";
    static final String FILE = "chat_template.jinja";
    private static final String FOLDER = "additional_chat_templates";
    private static final String KEY = "chat_template";
    private static final String DEFAULT = "default";
    private static final int MAX_BYTES = 16_000_000;

    private TemplateFiles() {}

    /// A template.
    ///
    /// @param place where it is, for messages and results
    record Found(String text, String place) {}

    /// What a model is asked with where nothing else is said.
    ///
    /// @throws CheckpointException when there are several, but none is the default
    static Optional<Found> find(Path directory, ObjectNode config) {
        Map<String, Found> templates = files(directory);
        if (templates.isEmpty()) {
            templates = configured(directory, config);
        }
        if (templates.isEmpty()) {
            return Optional.empty();
        }
        Found found = templates.get(DEFAULT);
        if (found == null) {
            throw new CheckpointException(
                    "%s: has the chat templates %s, but none is the '%s'; copy the one that is meant to %s"
                            .formatted(directory, templates.keySet(), DEFAULT, FILE));
        }
        return Optional.of(found);
    }

    private static Map<String, Found> files(Path directory) {
        Map<String, Found> templates = new TreeMap<>();
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            templates.put(DEFAULT, new Found(text(file), FILE));
        }
        Path folder = directory.resolve(FOLDER);
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> more = Files.newDirectoryStream(folder, "*.jinja")) {
                for (Path one : more) {
                    String name = one.getFileName().toString();
                    templates.put(
                            name.substring(0, name.length() - ".jinja".length()),
                            new Found(text(one), FOLDER + "/" + name));
                }
            } catch (IOException e) {
                throw new CheckpointException("%s: cannot be read (%s)".formatted(folder, e), e);
            }
        }
        return templates;
    }

    private static String text(Path file) {
        byte[] bytes = StrictJson.bytes(file, MAX_BYTES);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new CheckpointException(
                    "%s: is not UTF-8 text; download it again".formatted(file), e);
        }
    }

    private static Map<String, Found> configured(Path directory, ObjectNode config) {
        JsonNode template = config.path(KEY);
        Map<String, Found> templates = new TreeMap<>();
        if (template.isString()) {
            templates.put(DEFAULT, new Found(template.asString(), CONFIG));
        } else if (template.isArray()) {
            for (JsonNode one : template) {
                if (!one.path("name").isString() || !one.path("template").isString()) {
                    throw wrong(directory, one);
                }
                String name = one.path("name").asString();
                templates.put(
                        name,
                        new Found(
                                one.path("template").asString(),
                                "%s (template '%s')".formatted(CONFIG, name)));
            }
        } else if (!template.isMissingNode() && !template.isNull()) {
            throw wrong(directory, template);
        }
        return templates;
    }

    private static CheckpointException wrong(Path directory, JsonNode found) {
        return new CheckpointException(
                "%s: %s must be a text, or a list of names with templates, but has %s; download the file again"
                        .formatted(directory.resolve(CONFIG), KEY, found.getNodeType()));
    }

    /// A JSON object beside the weights; empty where there is none.
    static ObjectNode json(Path file) {
        return Files.exists(file)
                ? StrictJson.object(file, StrictJson.bytes(file, MAX_BYTES * 4))
                : JsonNodeFactory.instance.objectNode();
    }
}
