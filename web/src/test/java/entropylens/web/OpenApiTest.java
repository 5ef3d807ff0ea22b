package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The document says what the server does.
class OpenApiTest {
    private static JsonNode served() {
        try (Served served = Served.start()) {
            return JsonMapper.shared().readTree(served.get("/api/v1/openapi.json").body());
        }
    }

    private final JsonNode document = served();

    private Set<String> fields(String path) {
        JsonNode schema =
                document.at("/paths")
                        .get(path)
                        .at("/post/requestBody/content/application~1json/schema");
        assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
        return new TreeSet<>(schema.get("properties").propertyNames());
    }

    /// A parameter of a path stands in braces there.
    private static String described(ApiRoutes.Route route) {
        return route.method().toString().toLowerCase(Locale.ROOT)
                + " "
                + route.path().replace('<', '{').replace('>', '}');
    }

    @Test
    void itHasEveryRouteAndNoOther() {
        ServedModels models =
                new ServedModels(Map.of("m", Served.LLAMA), LoadOptions.NONE, 1, Device.CPU);
        Turns turns = new Turns(1, 1);
        Set<String> routes =
                Stream.of(
                                new ApiRoutes(models, new ServedRuns(List.of()), turns, turns)
                                        .list(),
                                new OpenAiRoutes(models, turns).list())
                        .flatMap(List::stream)
                        .map(OpenApiTest::described)
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = new TreeSet<>();
        for (var path : document.get("paths").properties()) {
            path.getValue()
                    .propertyNames()
                    .forEach(method -> described.add(method + " " + path.getKey()));
        }
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void itHasEveryFieldAndNoOther() {
        assertThat(fields("/api/v1/tokenise")).isEqualTo(new TreeSet<>(TextHandlers.NAMES));
        assertThat(fields("/api/v1/profile")).isEqualTo(new TreeSet<>(ProfileHandler.NAMES));
        assertThat(fields("/api/v1/runs/groups")).isEqualTo(new TreeSet<>(RunHandlers.GROUPS));
        assertThat(fields("/api/v1/runs/texts")).isEqualTo(new TreeSet<>(RunHandlers.TEXTS));
        assertThat(fields("/api/v1/runs/text")).isEqualTo(new TreeSet<>(RunHandlers.TEXT));
        assertThat(fields("/api/v1/generate")).isEqualTo(new TreeSet<>(GenerateHandler.NAMES));
        assertThat(fields("/v1/completions")).isEqualTo(new TreeSet<>(OpenAiShape.TEXT.names()));
        assertThat(fields("/v1/chat/completions"))
                .isEqualTo(new TreeSet<>(OpenAiShape.CHAT.names()));
    }

    @Test
    void itsBoundsAreThoseOfTheServer() {
        JsonNode profile =
                document.at(
                        "/paths/~1api~1v1~1profile/post/requestBody/content/application~1json/schema/properties");
        assertThat(profile.at("/tokens/maximum").asInt()).isEqualTo(Limits.TOKENS);
        assertThat(profile.at("/samples/maximum").asInt()).isEqualTo(Limits.SAMPLES);
        assertThat(profile.at("/token_ids/maxItems").asInt()).isEqualTo(Limits.PROMPT);
        assertThat(profile.at("/prompt/maxLength").asInt()).isEqualTo(Limits.CHARACTERS);
        assertThat(profile.at("/top_k/maximum").asInt())
                .isEqualTo(entropylens.lens.ReadoutRequest.MAX_TOP_K);
        JsonNode text =
                document.at(
                        "/paths/~1v1~1completions/post/requestBody/content/application~1json/schema/properties");
        assertThat(text.at("/max_tokens/maximum").asInt()).isEqualTo(Limits.TOKENS);
        assertThat(text.at("/n/maximum").asInt()).isEqualTo(Limits.SAMPLES);
        assertThat(text.at("/logprobs/maximum").asInt()).isEqualTo(OpenAiFields.MOST_ALTERNATIVES);
        assertThat(text.at("/stop/oneOf/1/maxItems").asInt()).isEqualTo(OpenAiFields.MOST_STOPS);
        assertThat(text.at("/stop/oneOf/0/maxLength").asInt()).isEqualTo(OpenAiFields.LONGEST_STOP);
    }
}
