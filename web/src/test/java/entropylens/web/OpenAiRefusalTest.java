package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What OpenAI's API refuses, in the form of its errors, by the name of the field.
class OpenAiRefusalTest {
    private static Served served;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("chat", TownChat.in(folder));
        models.put("llama", Served.LLAMA);
        served = Served.start(models);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static HttpResponse<String> post(String what, String body) {
        return served.send(
                served.request("/v1/" + what)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private static JsonNode error(HttpResponse<String> response) {
        JsonNode error = JsonMapper.shared().readTree(response.body()).get("error");
        assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
        return error;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"best_of\": 2 | best_of | must be 1, for nothing else is served here, but has 2",
                "\"frequency_penalty\": 0.5 | frequency_penalty | must be 0, for nothing else",
                "\"presence_penalty\": -1 | presence_penalty | must be 0, for nothing else",
                "\"logit_bias\": {\"5\": 1} | logit_bias | must be {}, for nothing else",
                "\"suffix\": \"end\" | suffix | must be \"\"",
                "\"tools\": [{}] | tools | must be [], for nothing else",
                "\"tools\": \"search\" | tools | must be [], for nothing else",
                "\"tools\": {} | tools | must be [], for nothing else",
                "\"logit_bias\": 5 | logit_bias | must be {}, for nothing else",
                "\"response_format\": {\"type\": \"json_object\"} | response_format | {\"type\": \"text\"}, for nothing else",
                "\"guided_json\": {} | guided_json | there is no field 'guided_json' here",
                "\"top_k\": 5 | top_k | there is no field 'top_k' here",
                "\"n\": 17 | n | must be a whole number of 1 to 16",
                "\"temperature\": -1 | temperature | must be 0 (greedy) or positive, but has -1",
                "\"top_p\": 0 | top_p | must be above 0 and at most 1, but has 0",
                "\"logprobs\": 21 | logprobs | must be a whole number of 0 to 20",
                "\"logprobs\": true | logprobs | must be a whole number of 0 to 20, but has true",
                "\"max_tokens\": 0 | max_tokens | must be a whole number of 1 to 1,024",
                "\"stop\": [\"\"] | stop | must be a text of 1 to 200 characters",
                "\"stop\": 5 | stop | must be a list, but has 5",
                "\"stream_options\": {\"include_usage\": true} | stream_options | is for a 'stream'",
                "\"stream\": true, \"stream_options\": {\"x\": 1} | stream_options | must be {\"include_usage\": true} or false",
            })
    void aCompletionIsRefusedByTheNameOfTheField(String field, String param, String words) {
        HttpResponse<String> response = post("completions", "{\"prompt\": \"a\", " + field + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = error(response);
        assertThat(error.get("message").asString()).contains(words);
        assertThat(error.get("param").asString()).isEqualTo(param);
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | messages | 'messages' must be given",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]} | messages | pictures, sounds and several parts are not served",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"top_logprobs\": 2} | top_logprobs | has no effect without 'logprobs'",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"max_tokens\": 2, \"max_completion_tokens\": 2} | max_tokens | give one",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"echo\": true} | echo | there is no field 'echo'",
            })
    void aChatIsRefusedByTheNameOfTheField(String body, String param, String words) {
        JsonNode error = error(post("chat/completions", body));
        assertThat(error.get("message").asString()).contains(words);
        assertThat(error.get("param").asString()).isEqualTo(param);
    }

    @Test
    void errorsHaveTheCodesThatClientsKnow() {
        HttpResponse<String> unknown =
                post("completions", "{\"prompt\": \"a\", \"model\": \"gpt-5\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(error(unknown).get("code").asString()).isEqualTo("model_not_found");
        HttpResponse<String> longer =
                post("completions", "{\"prompt\": \"a\", \"max_tokens\": 1000}");
        assertThat(longer.statusCode()).isEqualTo(400);
        assertThat(error(longer).get("code").asString()).isEqualTo("context_length_exceeded");
        HttpResponse<String> base =
                post(
                        "chat/completions",
                        "{\"model\": \"llama\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");
        assertThat(error(base).get("message").asString()).contains("has no chat template");
        assertThat(error(served.get("/v1/nothing")).get("type").asString())
                .isEqualTo("invalid_request_error");
    }

    @Test
    void aStreamIsRefusedWithAStatusToo() {
        HttpResponse<String> response = post("completions", "{\"prompt\": \"\", \"stream\": true}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response).get("message").asString()).contains("the prompt is empty");
    }

    @Test
    void whoHasNoKeyGetsNothing() {
        ExplorerSettings settings =
                new ExplorerSettings(
                        "127.0.0.1", 0, Optional.of("a-long-word-that-nobody-guesses"));
        try (Served locked = Served.start(settings, Map.of("llama", Served.LLAMA))) {
            HttpResponse<String> response = locked.get("/v1/models");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(error(response).get("code").asString()).isEqualTo("invalid_api_key");
            HttpResponse<String> let =
                    locked.send(
                            locked.request("/v1/models")
                                    .header(
                                            "Authorization",
                                            "Bearer a-long-word-that-nobody-guesses")
                                    .build());
            assertThat(let.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void pagesOfOtherSitesGetNothing() {
        HttpResponse<String> response =
                served.send(
                        served.request("/v1/models").header("Origin", "http://evil.test").build());
        assertThat(response.statusCode()).isEqualTo(403);
        HttpResponse<String> form =
                served.send(
                        served.request("/v1/completions")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"))
                                .build());
        assertThat(form.statusCode()).isEqualTo(415);
    }
}
