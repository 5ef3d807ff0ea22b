package entropylens.langchain4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A model of the zoo with a chat template, as instruct models have one.
final class TownChat {
    static final Path TOWN = Path.of("../zoo/models/tinytown-llama-4");

    private TownChat() {}

    static Path in(Path folder) throws IOException {
        Path model = Files.createDirectory(folder.resolve("town-chat"));
        try (Stream<Path> files = Files.list(TOWN)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{{ bos_token }}{% for message in messages %}{% if message.role == 'tool' %}{{ raise_exception('no tools') }}{% endif %}{{ message.content }}\n{% endfor %}");
        return model;
    }
}
