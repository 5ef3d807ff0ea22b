package entropylens.pull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;

/// The head of an answer, and its body to be read.
///
/// @param uri what answered, after redirects
/// @param ofHub whether that is the endpoint, and not a host it redirected to
record Answer(URI uri, boolean ofHub, HttpResponse<?> head, InputStream body)
        implements AutoCloseable {

    int status() {
        return head.statusCode();
    }

    Optional<String> header(String name) {
        return head.headers().firstValue(name);
    }

    /// A header that is a number, if it is there and is one.
    OptionalLong number(String name) {
        try {
            String text = header(name).orElse("").strip();
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    boolean isRedirect() {
        return switch (status()) {
            case 301, 302, 303, 307, 308 -> header("Location").isPresent();
            default -> false;
        };
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // the connection is given up either way
        }
    }
}
