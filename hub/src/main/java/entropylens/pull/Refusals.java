package entropylens.pull;

import entropylens.hub.HubException;
import entropylens.hub.ModelId;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;

/// What an answer other than the one hoped for means, and what to do about it. The server's own
/// words are not repeated.
///
/// @param endpoint of the hub
/// @param token that is sent to it
record Refusals(URI endpoint, Optional<AccessToken> token) {
    private static final String TOKENS = "https://huggingface.co/settings/tokens";

    /// @param file that was asked for; empty for the model itself
    HubException of(Answer answer, ModelId id, String file) {
        String code = answer.header("X-Error-Code").orElse("");
        if (!answer.ofHub()) {
            return new HubException(
                    "%s: the host %s, to which the hub sent us for %s, answered %d; try again later, and check that the network lets this host through"
                            .formatted(
                                    id,
                                    NetworkReasons.origin(answer.uri()),
                                    file.isEmpty() ? "the model" : file,
                                    answer.status()));
        }
        return new HubException(
                "%s: %s"
                        .formatted(
                                id,
                                switch (code) {
                                    case "GatedRepo" -> gated(id);
                                    case "RepoNotFound" -> unknown(id);
                                    case "RevisionNotFound" -> noRevision(id);
                                    case "EntryNotFound" -> noEntry(file);
                                    case "DisabledRepo" -> disabled(id);
                                    default -> byStatus(answer, id, file);
                                }));
    }

    private String byStatus(Answer answer, ModelId id, String file) {
        String said = answer.header("X-Error-Message").orElse("");
        if (said.startsWith("Access to this resource is disabled")) {
            return disabled(id);
        }
        return switch (answer.status()) {
            case 401 -> said.startsWith("Invalid credentials") ? wrongToken() : unknown(id);
            case 403 -> forbidden(id);
            case 404 -> file.isEmpty() ? unknown(id) : noEntry(file);
            case 407 ->
                    "the proxy asks for a name and a password; put them into its variable, as in HTTPS_PROXY=http://name:password@proxy.example:3128";
            case 429 ->
                    "the hub limits how often it may be asked (429)"
                            + (token.isEmpty()
                                    ? "; with an access token in HF_TOKEN the limit is higher"
                                    : "");
            case 500, 502, 503, 504 ->
                    "the hub is out of order (it answered %d); try again later"
                            .formatted(answer.status());
            default ->
                    "%s answered %d, which was not expected; is this a Hugging Face hub? Check HF_ENDPOINT and the proxy"
                            .formatted(NetworkReasons.shown(answer.uri()), answer.status());
        };
    }

    private String page(ModelId id) {
        return endpoint + "/" + id.name();
    }

    private String gated(ModelId id) {
        String accept =
                "its makers want their terms accepted first: open " + page(id) + " and accept them";
        return token.map(secret ->
                        accept
                                + " with the account that %s belongs to; a fine-grained token must also allow to read gated models"
                                        .formatted(secret))
                .orElse(
                        accept
                                + ", then set HF_TOKEN to an access token of that account (%s), or run: hf auth login"
                                        .formatted(TOKENS));
    }

    private String unknown(ModelId id) {
        String either =
                "there is no such model at %s, or it is private; check the spelling at %s"
                        .formatted(endpoint, page(id));
        return token.map(secret ->
                        either + "; if it is private, %s may not read it".formatted(secret))
                .orElse(
                        either
                                + "; if it is private, set HF_TOKEN to an access token (%s), or run: hf auth login"
                                        .formatted(TOKENS));
    }

    private String noRevision(ModelId id) {
        return "the model has no revision '%s'; its branches and tags are listed at %s/tree/main"
                .formatted(id.revision(), page(id));
    }

    private static String noEntry(String file) {
        return "the hub lists %s, but does not have it; try again later"
                .formatted(file.isEmpty() ? "a file" : file);
    }

    private String disabled(ModelId id) {
        return "the hub has disabled access to this model; see " + page(id);
    }

    private String wrongToken() {
        return token.map(secret ->
                        "the hub does not accept %s; make a new one at %s, or unset it for a public model"
                                .formatted(secret, TOKENS))
                .orElse("the hub asks for an access token; set HF_TOKEN to one from " + TOKENS);
    }

    private String forbidden(ModelId id) {
        return token.map(secret ->
                        "%s may not read this model; a fine-grained token needs the permission to read it, and the terms at %s must be accepted"
                                .formatted(secret, page(id)))
                .orElse(
                        "the hub does not give this model to everyone; accept its terms at %s, then set HF_TOKEN to an access token (%s), or run: hf auth login"
                                .formatted(page(id), TOKENS));
    }

    /// No answer at all.
    static HubException unreachable(URI uri, IOException e, ProxySelector proxies) {
        String proxy =
                EnvironmentProxies.variable(proxies, uri)
                        .map(variable -> " through the proxy of " + variable)
                        .orElse("");
        return new HubException(
                "cannot reach %s%s: %s; check the network, the proxy (HTTPS_PROXY, NO_PROXY) and HF_ENDPOINT. Models that are in the cache need no network"
                        .formatted(NetworkReasons.origin(uri), proxy, NetworkReasons.of(e)),
                e);
    }
}
