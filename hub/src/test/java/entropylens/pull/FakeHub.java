package entropylens.pull;

import entropylens.pull.TestServer.Reply;
import entropylens.pull.TestServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A hub with one model, and the other host on which it keeps large files, as huggingface.co does:
/// small files come from the hub itself, large ones by a signed redirect. What goes wrong is put in
/// by [#upset].
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String TOKEN = "hf_doNotShowThisToAnybody";
    static final String SIGNATURE = "Signature=secretOfTheCdn";

    final Map<String, byte[]> files = new LinkedHashMap<>();
    final Map<String, byte[]> large = new LinkedHashMap<>();
    String model = "org/tiny";
    String revision = "main";

    /// Names that are listed, but not served.
    final List<String> listedOnly = new ArrayList<>();

    private final Map<String, Deque<UnaryOperator<Reply>>> upsets = new HashMap<>();
    final TestServer hub;
    final TestServer cdn;

    FakeHub() {
        try {
            hub = new TestServer(request -> upset("hub", request, this::answer));
            cdn = new TestServer(request -> upset("cdn", request, this::content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A model of one weight file, which is no real one.
    static FakeHub withModel(int weightBytes) {
        FakeHub hub = new FakeHub();
        hub.files.put("config.json", bytes("{\"model_type\": \"llama\"}"));
        hub.files.put("tokenizer.json", bytes("{\"version\": \"1.0\"}"));
        hub.files.put("README.md", bytes("# Tiny"));
        hub.large.put("model.safetensors", noise(weightBytes));
        return hub;
    }

    /// A model of two shards.
    static FakeHub withShards(int shardBytes) {
        FakeHub hub = withModel(0);
        hub.large.clear();
        hub.files.put(
                "model.safetensors.index.json",
                bytes(
                        """
                        {"weight_map": {"a": "model-00001-of-00002.safetensors",
                                        "b": "model-00002-of-00002.safetensors"}}\
                        """));
        hub.large.put("model-00001-of-00002.safetensors", noise(shardBytes));
        hub.large.put("model-00002-of-00002.safetensors", noise(shardBytes + 1));
        return hub;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// The environment of a user of this hub.
    Map<String, String> environment(Path cache, String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", hub.uri().toString());
        environment.put("HF_HUB_CACHE", cache.toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    /// Changes the next answers to a request, one after the other; later ones are right again.
    ///
    /// @param host `hub` or `cdn`
    /// @param what method and what the path ends with, as in `GET model.safetensors`
    @SafeVarargs
    final void upset(String host, String what, UnaryOperator<Reply>... replies) {
        upsets.put(host + " " + what, new ArrayDeque<>(Arrays.asList(replies)));
    }

    private Reply upset(String host, Request request, Function<Request, Reply> right) {
        String path = request.target().replaceFirst("\\?.*", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        Reply reply = right.apply(request);
        synchronized (upsets) {
            var next = upsets.get(host + " " + request.method() + " " + name);
            return next == null || next.isEmpty() ? reply : next.removeFirst().apply(reply);
        }
    }

    private Reply answer(Request request) {
        String path =
                request.target()
                        .replaceFirst("^http://[^/]*", "") // as a proxy is asked
                        .replaceFirst("\\?.*", "");
        String encodedRevision = revision.replace("/", "%2F");
        if (path.equals("/api/models/" + model + "/revision/" + encodedRevision)
                || path.equals("/api/models/" + model + "/revision/" + COMMIT)) {
            return Reply.of(200, listing());
        }
        String prefix = "/" + model + "/resolve/" + COMMIT + "/";
        if (!path.startsWith(prefix)) {
            return Reply.of(404, "").with("X-Error-Code", "RepoNotFound");
        }
        String name = URLDecoder.decode(path.substring(prefix.length()), StandardCharsets.UTF_8);
        if (files.containsKey(name)) {
            byte[] content = files.get(name);
            return ranged(request, content)
                    .with("X-Repo-Commit", COMMIT)
                    .with("ETag", "\"" + gitHash(content) + "\"");
        }
        if (large.containsKey(name)) {
            byte[] content = large.get(name);
            return Reply.of(302, "Found. Redirecting")
                    .with("Location", cdn.uri() + "/" + name + "?" + SIGNATURE)
                    .with("X-Repo-Commit", COMMIT)
                    .with("X-Linked-Size", String.valueOf(content.length))
                    .with("X-Linked-ETag", "\"" + sha256(content) + "\"")
                    .with("ETag", "\"somethingElse\"");
        }
        return Reply.of(404, "").with("X-Error-Code", "EntryNotFound");
    }

    private String listing() {
        var names = new ArrayList<>(files.keySet());
        names.addAll(large.keySet());
        names.addAll(listedOnly);
        return "{\"id\": \"%s\", \"sha\": \"%s\", \"siblings\": [%s]}"
                .formatted(
                        model,
                        COMMIT,
                        names.stream()
                                .map(name -> "{\"rfilename\": \"" + name + "\"}")
                                .collect(Collectors.joining(", ")));
    }

    private Reply content(Request request) {
        String name = request.target().substring(1).replaceFirst("\\?.*", "");
        return ranged(request, large.get(name));
    }

    private static Reply ranged(Request request, byte[] content) {
        String range = request.header("range");
        if (range.isEmpty()) {
            return Reply.of(content);
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= content.length) {
            return Reply.of(416, "").with("Content-Range", "bytes */" + content.length);
        }
        return new Reply(
                        206, Map.of(), Arrays.copyOfRange(content, from, content.length), -1, false)
                .with(
                        "Content-Range",
                        "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }

    /// What was asked for, as `METHOD path`, from both hosts.
    List<String> gets() {
        return Stream.concat(hub.requests().stream(), cdn.requests().stream())
                .filter(request -> request.method().equals("GET"))
                .map(request -> request.target().replaceFirst("\\?.*", ""))
                .filter(path -> !path.startsWith("/api/"))
                .toList();
    }

    /// The Range headers that the other host got for a file, in order; empty for none.
    List<String> ranges(String name) {
        return cdn.requests().stream()
                .filter(request -> request.target().startsWith("/" + name))
                .map(request -> request.header("range"))
                .toList();
    }

    static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    static String gitHash(byte[] content) {
        byte[] head = bytes("blob " + content.length + "\0");
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try (hub;
                cdn) {
            upsets.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
