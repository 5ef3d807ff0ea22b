package entropylens.web;

import entropylens.lens.TextProfile;
import entropylens.result.Json;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One result as a page in a single file, which needs neither server nor network: the pictures of
/// the explorer, the JSON of the profile inside. Its content security policy names its one script
/// and its one style by their hashes; no other runs, and nothing is fetched.
public final class SavedPage {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-zA-Z]+)}}");
    private static final Pattern MAP = Pattern.compile("(?s)<section id=\"map\".*?</section>");
    private static final List<String> STYLES =
            List.of("page/page.css", "page/views.css", "page/keep.css", "page/play.css");

    private SavedPage() {}

    /// Writes the page in UTF-8 (all of the data in ASCII), and leaves the stream open.
    ///
    /// @param command the words behind `entropy-lens` that repeat it, as a shell hands them over
    public static void write(ProfileResult result, List<String> command, OutputStream out)
            throws IOException {
        out.write(html(data(result, command)).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String html(String data) throws IOException {
        String script = Modules.joined("saved/saved.js");
        StringBuilder style = new StringBuilder();
        for (String file : STYLES) {
            style.append(Modules.text(file));
        }
        Matcher map = MAP.matcher(Modules.text("page/index.html"));
        if (!map.find()) {
            throw new IllegalStateException("index.html has no section for the map");
        }
        Map<String, String> content =
                Map.of(
                        "scriptHash", hash(script),
                        "styleHash", hash(style.toString()),
                        "style", style.toString(),
                        "map", map.group(),
                        "data", data,
                        "script", script);
        // one pass: what was put in is not looked at again
        return PLACE.matcher(Modules.text("saved/saved.html"))
                .replaceAll(place ->
                        Matcher.quoteReplacement(
                                Objects.requireNonNull(content.get(place.group(1)))));
    }

    /// No token can end the element that it stands in, or begin a comment there.
    private static String data(ProfileResult result, List<String> command) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("profile", WithoutPlaces.of(ProfileJson.document(result)));
        json.put("tokens", result.texts().stream().map(text -> tokens(result, text)).toList());
        json.put("command", command);
        return Json.MAPPER.writeValueAsString(json).replace("<", "\\u003c");
    }

    private static Map<String, Object> tokens(ProfileResult result, TextProfile text) {
        return Map.of(
                "prompt_tokens", tokens(result, text.promptIds()),
                "generated_tokens", tokens(result, text.generatedIds()));
    }

    private static List<String> tokens(ProfileResult result, int[] ids) {
        return Arrays.stream(ids).mapToObj(result.tokens()::token).toList();
    }

    /// As a content security policy names what may run.
    private static String hash(String content) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
