package entropylens.web;

import entropylens.ReplyRequest;
import entropylens.model.Sampling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a request to OpenAI's API asks for, beside its prompt.
///
/// @param tokens at most; 0 where only the prompt is looked at
/// @param choices texts of each prompt
/// @param sampling of all; the i-th of a prompt draws as the i-th of several samples
/// @param stops before which a text ends
/// @param tokensShown whether tokens are shown with their probabilities and profiles
/// @param alternatives of each token
/// @param echo whether the prompt is a part of the text
/// @param stream whether it is sent while it is written
/// @param usageSent whether a stream ends with what was used
record OpenAiFields(
        int tokens,
        int choices,
        Sampling sampling,
        List<String> stops,
        boolean tokensShown,
        int alternatives,
        boolean echo,
        boolean stream,
        boolean usageSent) {
    static final Set<String> COMMON =
            Set.of(
                    "model",
                    "n",
                    "temperature",
                    "top_p",
                    "seed",
                    "stop",
                    "max_tokens",
                    "stream",
                    "stream_options",
                    "logprobs");

    static final int MOST_ALTERNATIVES = 20;
    static final int MOST_STOPS = 16;
    static final int LONGEST_STOP = 200;

    /// What other servers do, with the values that ask for nothing. Others are refused by name:
    /// what is ignored without a word gives a text that nobody asked for.
    static final Map<String, Neutral> NEUTRAL =
            Map.ofEntries(
                    Map.entry("frequency_penalty", new Neutral("0", OpenAiFields::isZero)),
                    Map.entry("presence_penalty", new Neutral("0", OpenAiFields::isZero)),
                    Map.entry(
                            "logit_bias",
                            new Neutral("{}", value -> value.isObject() && value.isEmpty())),
                    Map.entry("best_of", new Neutral("1", value -> value.asInt(0) == 1)),
                    Map.entry("suffix", new Neutral("\"\"", value -> isWord(value, ""))),
                    Map.entry(
                            "tools",
                            new Neutral("[]", value -> value.isArray() && value.isEmpty())),
                    Map.entry("tool_choice", new Neutral("\"none\"", v -> isWord(v, "none"))),
                    Map.entry(
                            "response_format",
                            new Neutral(
                                    "{\"type\": \"text\"}",
                                    value -> isWord(value.path("type"), "text"))),
                    Map.entry("store", new Neutral("false", value -> !value.asBoolean(true))),
                    Map.entry("user", new Neutral("a text", JsonNode::isString)));

    /// A value that changes nothing.
    record Neutral(String shown, Predicate<JsonNode> is) {}

    private static boolean isZero(JsonNode value) {
        return value.isNumber() && value.asDouble() == 0;
    }

    private static boolean isWord(JsonNode value, String word) {
        return value.isString() && value.asString().equals(word);
    }

    /// All names that a request may have.
    static Set<String> names(Set<String> own) {
        return Stream.of(COMMON, NEUTRAL.keySet(), own)
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @param tokens at most, as the shape reads it
    /// @throws ApiException when a value makes no sense, or is not served here
    static OpenAiFields read(Fields fields, OpenAiShape shape, int tokens) {
        for (Map.Entry<String, Neutral> one : NEUTRAL.entrySet()) {
            String name = one.getKey();
            if (fields.has(name) && !one.getValue().is().test(fields.value(name))) {
                throw fields.wrong(
                        name,
                        "%s, for nothing else is served here".formatted(one.getValue().shown()));
            }
        }
        boolean stream = fields.flag("stream");
        if (fields.has("stream_options") && !stream) {
            throw ApiException.wrongField("stream_options", "'stream_options' is for a 'stream'");
        }
        return new OpenAiFields(
                tokens,
                fields.whole("n", 1, 1, Limits.SAMPLES),
                sampling(fields),
                stops(fields),
                shape.tokensShown(fields),
                shape.alternatives(fields),
                fields.flag("echo"),
                stream,
                stream && usage(fields));
    }

    /// Without a seed one is drawn, and the answer says which.
    private static Sampling sampling(Fields fields) {
        long seed =
                fields.has("seed")
                        ? fields.seed("seed")
                        : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        double temperature = fields.number("temperature", 1);
        double topP = fields.number("top_p", 1);
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw fields.wrong("temperature", "0 (greedy) or positive");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw fields.wrong("top_p", "above 0 and at most 1");
        }
        return new Sampling(temperature, topP, seed);
    }

    private static List<String> stops(Fields fields) {
        if (!fields.has("stop")) {
            return List.of();
        }
        List<String> stops =
                fields.value("stop").isString()
                        ? List.of(fields.value("stop").asString())
                        : fields.words("stop");
        if (stops.size() > MOST_STOPS
                || stops.stream().anyMatch(one -> one.isEmpty() || one.length() > LONGEST_STOP)) {
            throw fields.wrong(
                    "stop",
                    "a text of 1 to %d characters, or a list of at most %d"
                            .formatted(LONGEST_STOP, MOST_STOPS));
        }
        return stops;
    }

    private static boolean usage(Fields fields) {
        if (!fields.has("stream_options")) {
            return false;
        }
        JsonNode options = fields.value("stream_options");
        JsonNode usage = options.path("include_usage");
        if (!options.isObject() || options.size() != (usage.isBoolean() ? 1 : 0)) {
            throw fields.wrong("stream_options", "{\"include_usage\": true} or false");
        }
        return usage.asBoolean(false);
    }

    /// Of every choice.
    ReplyRequest reply() {
        return new ReplyRequest(tokens, sampling, stops, tokensShown ? alternatives : 0);
    }
}
