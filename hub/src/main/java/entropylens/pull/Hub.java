package entropylens.pull;

import entropylens.hub.HubException;
import entropylens.hub.ModelId;
import entropylens.hub.WeightNames;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the hub is asked: the files of a model, what is known of a file, its content. It is asked
/// again where that may help.
final class Hub implements AutoCloseable {
    static final int MAX_LISTING = 64 << 20;

    /// A model at a revision.
    ///
    /// @param commit the full hash of the revision's commit
    /// @param files paths in the model, as the hub says them
    record Listing(String commit, List<String> files) {}

    /// A question that may get no answer.
    @FunctionalInterface
    private interface Question {
        Answer ask() throws IOException;
    }

    private final HubHttp http;
    private final Refusals refusals;
    private final Retries.Pause pause;
    private final Consumer<String> note;
    private boolean reached;

    Hub(ConnectionSettings settings, Retries.Pause pause, Consumer<String> note) {
        this.http = new HubHttp(settings);
        this.refusals = new Refusals(http.endpoint(), http.token());
        this.pause = pause;
        this.note = note;
    }

    /// @throws HubException when there is no such model or revision, or it may not be read
    Listing list(ModelId id) {
        URI uri = uri("api/models/" + id.name() + "/revision/" + encoded(id.revision()));
        try (Answer answer = ask(id, "", uri, retries(), () -> http.get(uri, Map.of()))) {
            require(answer.status() == 200, answer, id, "");
            byte[] text = answer.body().readNBytes(MAX_LISTING);
            if (text.length == MAX_LISTING) {
                throw new HubException(
                        "%s: the hub's list of files is longer than %,d bytes; this cannot be a model"
                                .formatted(id, MAX_LISTING));
            }
            return listing(id, WeightNames.object(text, NetworkReasons.shown(uri)));
        } catch (IOException e) {
            throw Refusals.unreachable(uri, e, http.proxies());
        }
    }

    private Listing listing(ModelId id, ObjectNode root) {
        String commit = text(root.get("sha")).toLowerCase(Locale.ROOT);
        if (!ModelId.isCommit(commit) || !(root.get("siblings") instanceof ArrayNode siblings)) {
            throw noHub(id, "does not say which commit and files this is");
        }
        if (ModelId.isCommit(id.revision()) && !commit.equals(id.revision())) {
            throw noHub(id, "offers the commit " + commit + " instead");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : siblings) {
            files.add(text(sibling.get("rfilename")));
        }
        return new Listing(commit, List.copyOf(files));
    }

    private static String text(JsonNode node) {
        return node != null && node.isString() ? node.asString() : "";
    }

    /// What the hub knows of a file.
    ///
    /// @throws HubException when it does not say enough to check a download against
    RemoteFile file(ModelId id, String commit, String name) {
        URI uri = fileUri(id, commit, name);
        try (Answer answer = ask(id, name, uri, retries(), () -> http.head(uri))) {
            require(answer.status() == 200 || answer.isRedirect(), answer, id, name);
            if (!commit.equalsIgnoreCase(answer.header("X-Repo-Commit").orElse(""))) {
                throw noHub(id, "does not say that its %s is of commit %s".formatted(name, commit));
            }
            String etag = etag(answer);
            if (!RemoteFile.isHash(etag)) {
                throw noHub(id, "gives no hash to check %s with".formatted(name));
            }
            long size = answer.number("X-Linked-Size").orElse(-1);
            if (size < 0 && !answer.isRedirect()) {
                size = answer.number("Content-Length").orElse(-1);
            }
            if (size < 0) {
                throw noHub(id, "does not say how large %s is".formatted(name));
            }
            return new RemoteFile(name, etag, size);
        }
    }

    /// `"…"` or `W/"…"`; that of the content, where the file itself is only a reference to it.
    private static String etag(Answer answer) {
        return answer.header("X-Linked-Etag")
                .or(() -> answer.header("ETag"))
                .orElse("")
                .strip()
                .replaceFirst("^W/", "")
                .replace("\"", "")
                .toLowerCase(Locale.ROOT);
    }

    private HubException noHub(ModelId id, String what) {
        return new HubException(
                "%s: %s %s, as a Hugging Face hub would; check HF_ENDPOINT and the proxy"
                        .formatted(id, http.endpoint(), what));
    }

    /// The content of a file from a byte on: an answer of status 200, 206 or 416, which the caller
    /// closes.
    ///
    /// @param retries counts failures
    /// @throws HubException when there is none
    Answer open(ModelId id, String commit, RemoteFile file, long from, Retries retries) {
        URI uri = fileUri(id, commit, file.name());
        Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
        Answer answer = ask(id, file.name(), uri, retries, () -> http.get(uri, range));
        boolean expected =
                switch (answer.status()) {
                    case 200, 206, 416 -> true;
                    default -> false;
                };
        if (!expected) {
            answer.close();
        }
        require(expected, answer, id, file.name());
        return answer;
    }

    /// A new count of failures.
    Retries retries() {
        return new Retries(pause, note);
    }

    private void require(boolean fine, Answer answer, ModelId id, String file) {
        if (!fine) {
            throw refusals.of(answer, id, file);
        }
    }

    private Answer ask(ModelId id, String file, URI uri, Retries retries, Question question) {
        while (true) {
            try {
                Answer answer = question.ask();
                reached = true;
                if (!isWorthAnotherTry(answer)) {
                    return answer;
                }
                answer.close();
                retries.await(refusals.of(answer, id, file), Retries.asked(answer));
            } catch (IOException e) {
                HubException failure = Refusals.unreachable(uri, e, http.proxies());
                if (!reached) {
                    throw failure; // a wrong address does not get better
                }
                retries.await(failure, Optional.empty());
            }
        }
    }

    /// Another host's refusal too: the address it was asked by may have expired, and the hub gives
    /// a new one.
    private static boolean isWorthAnotherTry(Answer answer) {
        return Retries.isTemporary(answer.status())
                || !answer.ofHub() && answer.status() >= 400 && answer.status() != 416;
    }

    private URI fileUri(ModelId id, String commit, String name) {
        return uri(id.name() + "/resolve/" + commit + "/" + encoded(name).replace("%2F", "/"));
    }

    private URI uri(String path) {
        return URI.create(http.endpoint() + "/" + path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
