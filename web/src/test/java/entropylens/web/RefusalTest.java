package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused says what was expected and what was found, and not where files lie.
class RefusalTest {
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | 400 | not valid JSON",
                "{} x | 400 | not valid JSON",
                "[] | 400 | must be a JSON object, but is []",
                "{\"prompt\": \"a\", \"prompt\": \"b\"} | 400 | not valid JSON",
                "{\"promt\": \"a\"} | 400 | there is no field 'promt' here; there are alpha",
                "{} | 400 | exactly one of 'prompt', 'messages' and 'token_ids' must be given, but 0 are",
                "{\"prompt\": \"a\", \"token_ids\": [1]} | 400 | but 2 are",
                "{\"prompt\": 5} | 400 | 'prompt' must be a text, but has 5",
                "{\"prompt\": \"\"} | 400 | the prompt is empty",
                "{\"token_ids\": []} | 400 | the prompt is empty",
                "{\"token_ids\": [1024]} | 400 | 'token_ids' must be a whole number of 0 to 1,023, but has 1024",
                "{\"token_ids\": [-1]} | 400 | but has -1",
                "{\"token_ids\": [1.5]} | 400 | but has 1.5",
                "{\"token_ids\": 1} | 400 | 'token_ids' must be a list, but has 1",
                "{\"prompt\": \"a\", \"chat\": true} | 422 | llama has no chat template",
                "{\"prompt\": \"a\", \"system\": \"b\"} | 400 | 'system' is for a prompt with 'chat': true",
                "{\"messages\": [{\"content\": \"a\"}]} | 400 | a list of objects with a 'role'",
                "{\"prompt\": \"a\", \"model\": \"x\"} | 404 | there is no model 'x' here; there are llama, gpt2",
                "{\"prompt\": \"a\", \"model\": \"../../etc\"} | 404 | there is no model",
                "{\"prompt\": \"a\", \"tokens\": 0} | 400 | 'tokens' must be a whole number of 1 to 1,024, but has 0",
                "{\"prompt\": \"a\", \"tokens\": 1e99} | 400 | 'tokens' must be a whole number",
                "{\"prompt\": \"a\", \"tokens\": 1000} | 422 | exceed the model's context of 256",
                "{\"prompt\": \"a\", \"temperature\": -1} | 400 | temperature must be 0 (greedy) or positive, but is -1",
                "{\"prompt\": \"a\", \"temperature\": \"hot\"} | 400 | 'temperature' must be a number, but has \"hot\"",
                "{\"prompt\": \"a\", \"top_p\": 0.5} | 400 | 'top_p' has no effect",
                "{\"prompt\": \"a\", \"samples\": 2} | 400 | would all be the same",
                "{\"prompt\": \"a\", \"samples\": 17, \"temperature\": 1} | 400 | 'samples' must be a whole number of 1 to 16",
                "{\"prompt\": \"a\", \"windows\": 5, \"tokens\": 8, \"ignore_eos\": true} | 422 | 5 windows do not divide",
                "{\"prompt\": \"a\", \"positions\": \"all\"} | 400 | 'positions' must be \"generated\" or \"prompt\"",
                "{\"prompt\": \"a\", \"positions\": \"prompt\", \"tokens\": 5} | 400 | leave out 'tokens'",
                "{\"prompt\": \"a\", \"skip_blocks\": [5]} | 400 | 'skip_blocks' must be a whole number of 1 to 4, but has 5",
                "{\"prompt\": \"a\", \"skip_blocks\": [2, 2]} | 400 | named twice",
                "{\"prompt\": \"a\", \"scale_blocks\": [\"3\"]} | 400 | 'scale_blocks' must be L:A:M with a block from 1",
                "{\"prompt\": \"a\", \"scale_blocks\": [\"3:1:1\"]} | 400 | 'scale_blocks' has 3:1:1, which changes nothing",
                "{\"prompt\": \"a\", \"scale_blocks\": [\"5:0:1\"]} | 400 | there is no block 5; this model has blocks 1..4",
                "{\"prompt\": \"a\", \"skip_blocks\": [2], \"scale_blocks\": [\"2:0:1\"]} | 400 | block 2 is named twice",
                "{\"prompt\": \"a\", \"patch\": [\"1:0\"]} | 400 | give it as 'patch_from' or 'patch_from_ids'",
                "{\"prompt\": \"a\", \"patch_from\": \"b\"} | 400 | are for 'patch'",
                "{\"prompt\": \"a\", \"patch_from\": \"b\", \"patch\": [\"0:1\"]} | 400 | 'patch' must be L:P or L:P=Q",
                "{\"prompt\": \"a\", \"patch_from\": \"b\", \"patch\": [\"5:0\"]} | 422 | there is no layer 5; this model has layers 1..4",
                "{\"prompt\": \"a\", \"patch_from\": \"b\", \"patch\": [\"1:0=9\"]} | 422 | no position 9 to take a row from",
                "{\"prompt\": \"a\", \"patch_from\": \"bcde fgh\", \"patch\": [\"1:3\"]} | 422 | no position 3 to patch",
                "{\"prompt\": \"a\", \"patch_from\": \"b\", \"patch\": [\"1:0\"], \"patch_at\": \"mid\"} | 400 | there is no point \"mid\" of the stream; there are resid_pre, attn_out",
                "{\"prompt\": \"a\", \"at\": [\"mid\"]} | 400 | 'at': there is no point \"mid\"",
                "{\"prompt\": \"a\", \"at\": [\"resid_mid\", \"resid_mid\"]} | 400 | named twice",
                "{\"prompt\": \"a\", \"at\": [\"resid_mid\"], \"embedding\": true} | 400 | the embedding is layer 0 of resid_post",
                "{\"prompt\": \"a\", \"untrained\": \"x\"} | 400 | 'untrained' must be a whole number",
                "{\"prompt\": \"a\", \"stats\": [\"klm\"]} | 400 | there is no statistic \"klm\"",
                "{\"prompt\": \"a\", \"stats\": [\"jaccard_7\"]} | 400 | 0 < p <= 1",
                "{\"prompt\": \"a\", \"top_k\": 101} | 400 | 'top_k' must be a whole number of 1 to 100, but has 101",
                "{\"prompt\": \"a\", \"top_p_set\": [2]} | 400 | 0 < p <= 1, but p is 2",
                "{\"prompt\": \"a\", \"alpha\": [-1]} | 400 | order of a Rényi entropy",
                "{\"prompt\": \"a\", \"seed\": 99999999999999999999} | 400 | 'seed' must be a whole number",
            })
    void aProfileThatMakesNoSenseIsRefused(String body, int status, String words) {
        HttpResponse<String> response = served.post("profile", body);
        assertThat(response.body()).startsWith("{\"error\":");
        String message =
                tools.jackson.databind.json.JsonMapper.shared()
                        .readTree(response.body())
                        .get("error")
                        .asString();
        assertThat(message).contains(words);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(message).doesNotContain("zoo/models").doesNotContain("Exception");
    }

    @Test
    void aTextMayNotBeTooLarge() {
        String long_ = "{\"prompt\": \"" + "a ".repeat(100_001) + "\"}";
        assertThat(served.post("profile", long_).statusCode()).isEqualTo(413);
        String larger = "{\"prompt\": \"" + "a ".repeat(600_000) + "\"}";
        assertThat(served.post("profile", larger).body()).contains("the body may have 1,048,576");
        String ids = "{\"token_ids\": [" + "1,".repeat(4096) + "1]}";
        assertThat(served.post("profile", ids).body())
                .contains("the prompt may have 4,096 tokens here, but has 4,097");
    }

    @Test
    void onlyJsonIsTaken() {
        HttpResponse<String> form =
                served.send(
                        served.request("/api/v1/profile")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"))
                                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(form.body()).contains("must be JSON");
    }

    @Test
    void eventsAreSentToWhoTakesThem() {
        HttpResponse<String> response =
                served.send(
                        served.request("/api/v1/generate")
                                .header("Content-Type", "application/json")
                                .header("Accept", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"))
                                .build());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("text/event-stream");
    }

    @Test
    void aTextThatIsGeneratedIsCheckedBeforeItStarts() {
        HttpResponse<String> response =
                served.post("generate", "{\"prompt\": \"a\", \"given_ids\": [5000]}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("'given_ids' must be a whole number of 0 to 1,023");
        assertThat(served.post("generate", "{\"prompt\": \"a\", \"samples\": 2}").body())
                .contains("there is no field 'samples' here");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path :
                new String[] {
                    "/api/v1/nothing",
                    "/nothing",
                    "/../pom.xml",
                    "/%2e%2e/pom.xml",
                    "/page/index.html",
                    "/etc/passwd",
                    "/Explorer.class",
                    "/openapi.json"
                }) {
            HttpResponse<String> response = served.get(path);
            assertThat(response.statusCode()).as(path).isIn(400, 404);
            assertThat(response.body()).doesNotContain("<project");
        }
        assertThat(served.post("models", "{}").statusCode()).isIn(404, 405);
    }
}
