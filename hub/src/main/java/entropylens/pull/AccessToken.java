package entropylens.pull;

import entropylens.hub.HubException;
import java.util.Optional;

/// A secret. It shows itself to nobody but the request that needs it.
final class AccessToken {
    private static final int LONGEST = 4096;

    private final String value;
    private final String source;

    private AccessToken(String value, String source) {
        this.value = value;
        this.source = source;
    }

    /// The token in a text, without the white space around it; none if nothing else is there.
    ///
    /// @param source where it comes from, for messages
    /// @throws HubException when it could not be a header of a request
    static Optional<AccessToken> of(String text, String source) {
        String value = text.strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.length() > LONGEST || value.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new HubException(
                    "the access token from %s holds white space, control or other characters that no token has, or is too long; copy it again from https://huggingface.co/settings/tokens"
                            .formatted(source));
        }
        return Optional.of(new AccessToken(value, source));
    }

    String authorization() {
        return "Bearer " + value;
    }

    /// Where it comes from: an environment variable or a file.
    String source() {
        return source;
    }

    @Override
    public String toString() {
        return "the access token from " + source;
    }
}
