package entropylens.web;

import entropylens.ReplyToken;
import entropylens.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tokens with their probabilities, in OpenAI's two shapes, and with what only we have: the entropy
/// profile.
record OpenAiTokens(Tokenizer tokenizer) {
    /// The field of a token that OpenAI's API does not have: entropies of the layers, nats, at the
    /// position that predicts it.
    static final String PROFILE = "entropy_profile";

    /// What OpenAI's API gives a token that is too improbable for a number.
    private static final double NO_LOGPROB = -9999;

    /// The text of a token. Bytes that are no whole character become U+FFFD.
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String text(int id) {
        return text(tokenizer.bytes(id));
    }

    private static List<Integer> numbers(byte[] bytes) {
        List<Integer> numbers = new ArrayList<>();
        for (byte one : bytes) {
            numbers.add(Byte.toUnsignedInt(one));
        }
        return numbers;
    }

    /// Null of a token that nothing predicts.
    private static @Nullable Object logprob(double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        return value == Double.NEGATIVE_INFINITY ? (Object) NO_LOGPROB : (Object) value;
    }

    /// Null of a token that nothing predicts.
    private static float @Nullable [] profile(ReplyToken token) {
        if (token.entropy().length == 0) {
            return null;
        }
        float[] rounded = new float[token.entropy().length];
        for (int layer = 0; layer < rounded.length; layer++) {
            rounded[layer] = (float) token.entropy()[layer];
        }
        return rounded;
    }

    /// As `chat/completions` shows them: `{"content": [{token, logprob, bytes, top_logprobs}]}`.
    Map<String, @Nullable Object> ofChat(List<ReplyToken> tokens) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("content", tokens.stream().map(this::chatToken).toList());
        json.put("refusal", null);
        return json;
    }

    private Map<String, @Nullable Object> chatToken(ReplyToken token) {
        Map<String, @Nullable Object> json = chatToken(token.id(), token.logProbability());
        List<Map<String, @Nullable Object>> top = new ArrayList<>();
        for (int i = 0; i < token.topIds().length; i++) {
            top.add(chatToken(token.topIds()[i], token.topLogProbabilities()[i]));
        }
        json.put("top_logprobs", top);
        json.put(PROFILE, profile(token));
        return json;
    }

    private Map<String, @Nullable Object> chatToken(int id, double logProbability) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        byte[] bytes = tokenizer.bytes(id);
        json.put("token", text(bytes));
        json.put("logprob", logprob(logProbability));
        json.put("bytes", numbers(bytes));
        return json;
    }

    /// As `completions` shows them: lists of equal length.
    ///
    /// Offsets are counted in Unicode code points, from the begin of the choice's text.
    Map<String, @Nullable Object> ofText(OpenAiShape.Part part) {
        List<ReplyToken> tokens = part.tokens();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokens", tokens.stream().map(token -> text(token.id())).toList());
        List<@Nullable Object> logprobs = new ArrayList<>();
        List<@Nullable Object> tops = new ArrayList<>();
        List<@Nullable Object> profiles = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        OpenAiShape.Place at = part.begin();
        for (ReplyToken token : tokens) {
            logprobs.add(logprob(token.logProbability()));
            tops.add(Double.isNaN(token.logProbability()) ? null : top(token));
            profiles.add(profile(token));
            int from = at.chars() - part.begin().chars();
            at = at.after(part.text().substring(from, token.offset() - part.begin().chars()));
            offsets.add(at.codePoints());
        }
        json.put("token_logprobs", logprobs);
        json.put("top_logprobs", tops);
        json.put("text_offset", offsets);
        json.put(PROFILE, profiles);
        return json;
    }

    /// By their texts; of tokens with the same text the most probable.
    private Map<String, @Nullable Object> top(ReplyToken token) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < token.topIds().length; i++) {
            json.putIfAbsent(text(token.topIds()[i]), logprob(token.topLogProbabilities()[i]));
        }
        return json;
    }
}
