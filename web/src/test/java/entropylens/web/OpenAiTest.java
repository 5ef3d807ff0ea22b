package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Sampling;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// OpenAI's API, as its clients speak it.
class OpenAiTest {
    private static final String PROMPT = "Write a poem about the baker.";
    private static final String STORY = "\"prompt\": \"" + PROMPT + "\"";
    private static final String CHAT =
            "\"model\": \"chat\", \"messages\": [{\"role\": \"user\", \"content\": \""
                    + PROMPT
                    + "\"}]";

    private static Served served;
    private static EntropyLens lens;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("llama", Served.LLAMA);
        models.put("chat", TownChat.in(folder));
        served = Served.start(models);
        lens = EntropyLens.open(Served.LLAMA, LoadOptions.NONE, 1);
    }

    @AfterAll
    static void stop() {
        served.close();
        lens.close();
    }

    private static HttpResponse<String> post(String what, String body) {
        return served.send(
                served.request("/v1/" + what)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer any-key")
                        .POST(HttpRequest.BodyPublishers.ofString("{" + body + "}"))
                        .build());
    }

    private static JsonNode json(String what, String body) {
        HttpResponse<String> response = post(what, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }

    /// The events of a stream, and that it ends as it must.
    private static List<JsonNode> stream(String what, String body) {
        HttpResponse<String> response = post(what, body + ", \"stream\": true");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        List<String> events =
                Arrays.stream(response.body().split("\n\n"))
                        .filter(event -> !event.startsWith(":"))
                        .toList();
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
        List<JsonNode> parts = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            assertThat(event).startsWith("data: ");
            parts.add(JsonMapper.shared().readTree(event.substring("data: ".length())));
        }
        return parts;
    }

    private static JsonNode choice(JsonNode answer) {
        return answer.get("choices").get(0);
    }

    private static String text(int... ids) {
        return lens.tokenizer().orElseThrow().decode(ids);
    }

    private static TextProfile expected(int tokens, Sampling sampling) {
        return lens.profile(
                PROMPT,
                ask ->
                        ask.tokens(tokens)
                                .sampling(sampling)
                                .topK(3)
                                .with(Statistic.NEXT_PROBABILITY));
    }

    @Test
    void modelsAreListed() {
        JsonNode models = JsonMapper.shared().readTree(served.get("/v1/models").body());
        assertThat(models.get("object").asString()).isEqualTo("list");
        assertThat(models.get("data").get(0).get("id").asString()).isEqualTo("llama");
        JsonNode one = JsonMapper.shared().readTree(served.get("/v1/models/chat").body());
        assertThat(one.get("object").asString()).isEqualTo("model");
        assertThat(served.get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    @Test
    void aCompletionHasTheTextProbabilitiesAndProfilesOfAProfile() {
        TextProfile expected = expected(8, new Sampling(0.8, 0.9, 7));
        JsonNode answer =
                json(
                        "completions",
                        STORY
                                + ", \"max_tokens\": 8, \"temperature\": 0.8, \"top_p\": 0.9, \"seed\": 7, \"logprobs\": 3");
        assertThat(answer.get("object").asString()).isEqualTo("text_completion");
        assertThat(answer.get("seed").asInt()).isEqualTo(7);
        assertThat(choice(answer).get("text").asString()).isEqualTo(text(expected.generatedIds()));
        assertThat(choice(answer).get("finish_reason").asString()).isEqualTo("length");
        JsonNode logprobs = choice(answer).get("logprobs");
        StringBuilder joined = new StringBuilder();
        for (int row = 0; row < 8; row++) {
            assertThat(logprobs.get("text_offset").get(row).asInt()).isEqualTo(joined.length());
            joined.append(logprobs.get("tokens").get(row).asString());
            double p = expected.table(Statistic.NEXT_PROBABILITY)[row][3];
            assertThat(logprobs.get("token_logprobs").get(row).asDouble()).isEqualTo(Math.log(p));
            assertThat(logprobs.get("top_logprobs").get(row)).hasSize(3);
            for (int layer = 0; layer < 4; layer++) {
                assertThat(logprobs.get("entropy_profile").get(row).get(layer).floatValue())
                        .isEqualTo((float) expected.profile().entropy()[row][layer]);
            }
        }
        assertThat(joined.toString()).isEqualTo(choice(answer).get("text").asString());
        int prompt = lens.encode(PROMPT).length;
        assertThat(answer.get("usage").get("prompt_tokens").asInt()).isEqualTo(prompt);
        assertThat(answer.get("usage").get("completion_tokens").asInt()).isEqualTo(8);
        assertThat(answer.get("usage").get("total_tokens").asInt()).isEqualTo(prompt + 8);
    }

    @Test
    void aStreamHasTheSameInParts() {
        String body = STORY + ", \"max_tokens\": 12, \"temperature\": 0, \"logprobs\": 2";
        JsonNode whole = choice(json("completions", body));
        StringBuilder text = new StringBuilder();
        List<JsonNode> profiles = new ArrayList<>();
        List<JsonNode> offsets = new ArrayList<>();
        List<JsonNode> parts =
                stream("completions", body + ", \"stream_options\": {\"include_usage\": true}");
        for (JsonNode part : parts.subList(0, parts.size() - 1)) {
            text.append(choice(part).get("text").asString());
            if (choice(part).get("logprobs").isObject()) {
                profiles.addAll(choice(part).at("/logprobs/entropy_profile").values());
                offsets.addAll(choice(part).at("/logprobs/text_offset").values());
            }
            assertThat(part.get("usage").isNull()).isTrue();
        }
        assertThat(text.toString()).isEqualTo(whole.get("text").asString());
        assertThat(profiles).isEqualTo(List.copyOf(whole.at("/logprobs/entropy_profile").values()));
        assertThat(offsets).isEqualTo(List.copyOf(whole.at("/logprobs/text_offset").values()));
        assertThat(parts.size()).isGreaterThan(10);
        assertThat(choice(parts.get(parts.size() - 2)).get("finish_reason").asString())
                .isEqualTo("length");
        assertThat(parts.getLast().get("choices")).isEmpty();
        assertThat(parts.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(12);
    }

    @Test
    void aChatIsWrittenByTheTemplateAndAnswered() {
        JsonNode answer =
                json(
                        "chat/completions",
                        CHAT
                                + ", \"max_completion_tokens\": 6, \"temperature\": 0, \"logprobs\": true, \"top_logprobs\": 2");
        JsonNode written = served.json("tokenise", "{" + CHAT + "}");
        assertThat(written.get("prompt").asString()).endsWith(PROMPT + "\n");
        int[] prompt = written.get("ids").values().stream().mapToInt(JsonNode::asInt).toArray();
        TextProfile expected = lens.profile(prompt, ask -> ask.tokens(6).topK(2));
        assertThat(answer.get("object").asString()).isEqualTo("chat.completion");
        JsonNode message = choice(answer).get("message");
        assertThat(message.get("role").asString()).isEqualTo("assistant");
        assertThat(message.get("content").asString()).isEqualTo(text(expected.generatedIds()));
        JsonNode tokens = choice(answer).at("/logprobs/content");
        assertThat(tokens).hasSize(6);
        for (int row = 0; row < 6; row++) {
            JsonNode token = tokens.get(row);
            JsonNode top = token.get("top_logprobs");
            assertThat(top).hasSize(2);
            // greedy: the most probable is the one that was taken
            assertThat(top.get(0).get("logprob")).isEqualTo(token.get("logprob"));
            assertThat(top.get(0).get("bytes")).isEqualTo(token.get("bytes"));
            assertThat(Math.exp(top.get(1).get("logprob").asDouble()))
                    .isCloseTo(expected.topProbabilities()[row][3][1], within(1e-7));
            assertThat(token.get("entropy_profile")).hasSize(4);
            assertThat(token.get("entropy_profile").get(3).floatValue())
                    .isEqualTo((float) expected.profile().entropy()[row][3]);
        }
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(prompt.length);
    }

    @Test
    void aChatIsStreamedAsDeltas() {
        String body = CHAT + ", \"max_tokens\": 6, \"temperature\": 0, \"logprobs\": true";
        List<JsonNode> parts = stream("chat/completions", body);
        assertThat(choice(parts.getFirst()).at("/delta/role").asString()).isEqualTo("assistant");
        assertThat(parts)
                .allMatch(part -> part.get("object").asString().equals("chat.completion.chunk"));
        assertThat(parts.stream().map(part -> part.get("id")).distinct()).hasSize(1);
        StringBuilder text = new StringBuilder();
        int tokens = 0;
        for (JsonNode part : parts) {
            text.append(choice(part).at("/delta/content").asString(""));
            tokens += choice(part).at("/logprobs/content").size();
        }
        JsonNode whole = choice(json("chat/completions", body));
        assertThat(text.toString()).isEqualTo(whole.at("/message/content").asString());
        assertThat(tokens).isEqualTo(6);
        assertThat(choice(parts.getLast()).get("finish_reason").asString()).isEqualTo("length");
        assertThat(choice(parts.getLast()).get("delta")).isEmpty();
    }

    @Test
    void aStopEndsATextWithoutBeingInIt() {
        String body = STORY + ", \"max_tokens\": 40, \"temperature\": 0";
        String whole = choice(json("completions", body)).get("text").asString();
        String stop = whole.substring(30, 34);
        String begin = whole.substring(0, whole.indexOf(stop));
        String stopped =
                body
                        + ", \"stop\": "
                        + JsonMapper.shared().writeValueAsString(List.of("nowhere", stop));
        JsonNode choice = choice(json("completions", stopped));
        assertThat(choice.get("text").asString()).isEqualTo(begin);
        assertThat(choice.get("finish_reason").asString()).isEqualTo("stop");
        StringBuilder text = new StringBuilder();
        stream("completions", stopped)
                .forEach(part -> text.append(choice(part).get("text").asString()));
        assertThat(text.toString()).isEqualTo(begin);
    }

    @Test
    void theModelsEndTokenEndsIt() {
        JsonNode choice =
                choice(json("completions", STORY + ", \"max_tokens\": 200, \"temperature\": 0"));
        assertThat(choice.get("finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void severalChoicesDrawAsSeveralSamplesDo() {
        JsonNode answer =
                json(
                        "completions",
                        "\"prompt\": [\""
                                + PROMPT
                                + "\", \"The\"], \"n\": 2, \"seed\": 3, \"max_tokens\": 5");
        assertThat(answer.get("choices")).hasSize(4);
        JsonNode samples =
                served.json(
                        "profile",
                        "{"
                                + STORY
                                + ", \"samples\": 2, \"seed\": 3, \"temperature\": 1, \"tokens\": 5}");
        for (int i = 0; i < 2; i++) {
            assertThat(answer.get("choices").get(i).get("index").asInt()).isEqualTo(i);
            assertThat(answer.get("choices").get(i).get("text"))
                    .isEqualTo(samples.get("samples").get(i).get("text"));
        }
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(20);
    }

    /// Parts of choices come in any order; each choice has its own in theirs.
    @Test
    void severalChoicesAreStreamedBesideEachOther() {
        String body =
                STORY
                        + ", \"n\": 3, \"seed\": 3, \"max_tokens\": 5, \"echo\": true, \"logprobs\": 1";
        JsonNode whole = json("completions", body).get("choices");
        List<JsonNode> parts = stream("completions", body);
        List<Integer> order =
                parts.stream().map(part -> choice(part).get("index").asInt()).toList();
        assertThat(order.lastIndexOf(0)).isGreaterThan(order.indexOf(2));
        for (int index = 0; index < 3; index++) {
            StringBuilder text = new StringBuilder();
            List<JsonNode> offsets = new ArrayList<>();
            List<JsonNode> profiles = new ArrayList<>();
            for (JsonNode part : parts) {
                if (choice(part).get("index").asInt() == index) {
                    text.append(choice(part).get("text").asString());
                    offsets.addAll(choice(part).at("/logprobs/text_offset").values());
                    profiles.addAll(choice(part).at("/logprobs/entropy_profile").values());
                }
            }
            JsonNode expected = whole.get(index);
            assertThat(text.toString()).isEqualTo(expected.get("text").asString());
            assertThat(offsets)
                    .isEqualTo(List.copyOf(expected.at("/logprobs/text_offset").values()));
            assertThat(profiles)
                    .isEqualTo(List.copyOf(expected.at("/logprobs/entropy_profile").values()));
        }
    }

    @Test
    void withoutASeedOneIsDrawnAndSaid() {
        String body = STORY + ", \"max_tokens\": 8";
        JsonNode first = json("completions", body);
        JsonNode again = json("completions", body + ", \"seed\": " + first.get("seed"));
        assertThat(again.get("choices")).isEqualTo(first.get("choices"));
        assertThat(json("completions", body).get("seed")).isNotEqualTo(first.get("seed"));
    }

    @Test
    void aPromptIsEchoedWithItsTokensAndNothingMore() {
        int[] ids = lens.encode(PROMPT);
        TextProfile expected =
                lens.profile(ids, ask -> ask.promptOnly().with(Statistic.NEXT_PROBABILITY));
        JsonNode answer =
                json(
                        "completions",
                        "\"prompt\": "
                                + Arrays.toString(ids)
                                + ", \"echo\": true, \"max_tokens\": 0, \"logprobs\": 1");
        assertThat(choice(answer).get("text").asString()).isEqualTo(PROMPT);
        JsonNode logprobs = choice(answer).get("logprobs");
        assertThat(logprobs.get("tokens")).hasSize(ids.length);
        assertThat(logprobs.get("token_logprobs").get(0).isNull()).isTrue();
        assertThat(logprobs.get("entropy_profile").get(0).isNull()).isTrue();
        for (int i = 1; i < ids.length; i++) {
            double p = expected.table(Statistic.NEXT_PROBABILITY)[i - 1][3];
            assertThat(logprobs.get("token_logprobs").get(i).asDouble()).isEqualTo(Math.log(p));
            int offset = logprobs.get("text_offset").get(i).asInt();
            assertThat(PROMPT.substring(offset))
                    .startsWith(logprobs.get("tokens").get(i).asString());
        }
        assertThat(answer.at("/usage/completion_tokens").asInt()).isZero();
        JsonNode pair =
                choice(
                        json(
                                "completions",
                                "\"prompt\": \"a\ud83d\ude00b\", \"echo\": true, \"max_tokens\": 0, \"logprobs\": 0"));
        assertThat(List.copyOf(pair.at("/logprobs/text_offset").values()).getLast().asInt())
                .as("code points before the last token")
                .isEqualTo(2);
        JsonNode more = choice(json("completions", STORY + ", \"echo\": true, \"max_tokens\": 3"));
        assertThat(more.get("text").asString()).startsWith(PROMPT).isNotEqualTo(PROMPT);
    }

    @Test
    void whatAsksForNothingIsTaken() {
        JsonNode answer =
                json(
                        "chat/completions",
                        CHAT
                                + ", \"max_tokens\": 2, \"frequency_penalty\": 0, \"presence_penalty\": 0.0, \"logit_bias\": {}, \"tools\": [], \"tool_choice\": \"none\", \"response_format\": {\"type\": \"text\"}, \"store\": false, \"user\": \"me\", \"seed\": null");
        assertThat(answer.get("choices")).hasSize(1);
        String parts =
                CHAT.replace(
                        "\"" + PROMPT + "\"",
                        "[{\"type\": \"text\", \"text\": \"" + PROMPT + "\"}]");
        String greedy = ", \"max_tokens\": 4, \"temperature\": 0";
        assertThat(json("chat/completions", parts + greedy).get("choices"))
                .isEqualTo(json("chat/completions", CHAT + greedy).get("choices"));
    }
}
