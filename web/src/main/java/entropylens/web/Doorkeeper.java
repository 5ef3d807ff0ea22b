package entropylens.web;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who may ask. A page of another site that is open in the same browser reaches a server on this
/// machine too; it must get nothing from it and start nothing in it.
///
/// - `Host` must name this server, so that a foreign name which was made to point here (DNS
///   rebinding) is refused.
/// - `Origin`, where a browser sends it, must be this server, and so must `Sec-Fetch-Site`.
/// - What is posted must be JSON: no form of another page can send that.
/// - With a token, every request for data carries it.
final class Doorkeeper {
    /// Nothing but what this server serves; no script and no style inside the page.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy", CONTENT_SECURITY_POLICY,
                    "X-Content-Type-Options", "nosniff",
                    "X-Frame-Options", "DENY",
                    "Referrer-Policy", "no-referrer",
                    "Cross-Origin-Opener-Policy", "same-origin",
                    "Cross-Origin-Resource-Policy", "same-origin",
                    "Cache-Control", "no-store");

    private final ExplorerSettings settings;

    Doorkeeper(ExplorerSettings settings) {
        this.settings = settings;
    }

    /// Lets a request in, or throws.
    ///
    /// @throws ApiException when it is refused
    void check(Context context) {
        HEADERS.forEach(context::header);
        String host = requireHost(context.header("Host"));
        requireOwnOrigin(context, host);
        if (isForData(context)) {
            requireToken(context.header("Authorization"));
            requireJson(context);
        }
    }

    private static boolean isForData(Context context) {
        return context.path().startsWith(ApiRoutes.ROOT)
                || context.path().startsWith(OpenAiRoutes.ROOT);
    }

    private String requireHost(@Nullable String authority) {
        String host = authority == null ? "" : Hosts.withoutPort(authority);
        boolean ours =
                Hosts.isLoopback(settings.host())
                        ? Hosts.isLoopback(host)
                        : Hosts.isLoopback(host)
                                || Hosts.same(host, settings.host())
                                || Hosts.isAddress(host);
        if (!ours || authority == null) {
            throw new ApiException(
                    ApiException.FORBIDDEN,
                    "the header Host must name this server, %s, but is '%s'"
                            .formatted(settings.host(), authority));
        }
        return authority;
    }

    private static void requireOwnOrigin(Context context, String host) {
        String origin = context.header("Origin");
        if (origin != null
                && !origin.equalsIgnoreCase("http://" + host)
                && !origin.equalsIgnoreCase("https://" + host)) {
            throw new ApiException(
                    ApiException.FORBIDDEN,
                    "the header Origin must be this server, %s, but is '%s': pages of other sites get nothing here"
                            .formatted(host, origin));
        }
        String site = context.header("Sec-Fetch-Site");
        boolean foreign = "cross-site".equals(site) || "same-site".equals(site);
        boolean opens = "navigate".equals(context.header("Sec-Fetch-Mode"));
        // a link from elsewhere may open the page; it may not ask for data
        if (foreign && (!opens || isForData(context))) {
            throw new ApiException(
                    ApiException.FORBIDDEN, "the request comes from a page of another site");
        }
    }

    private void requireToken(@Nullable String authorization) {
        if (settings.token().isEmpty()) {
            return;
        }
        String expected = "Bearer " + settings.token().get();
        String found = authorization == null ? "" : authorization;
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8),
                found.getBytes(StandardCharsets.UTF_8))) {
            throw new ApiException(
                    ApiException.NO_TOKEN,
                    "the header Authorization must be 'Bearer TOKEN', with the token that the explorer was started with");
        }
    }

    private static void requireJson(Context context) {
        String type = context.contentType();
        if (context.req().getMethod().equals("POST")
                && (type == null || !type.matches("(?i)application/json *(;.*)?"))) {
            throw new ApiException(
                    ApiException.NOT_JSON,
                    "the body must be JSON (Content-Type: application/json), but is '%s'"
                            .formatted(type));
        }
    }
}
