package entropylens.web;

import java.util.Optional;

/// Where the explorer listens, and who may ask.
///
/// @param host a name or address of this machine to listen on
/// @param port 0 for one that is free
/// @param token that every request for data must carry; empty where none is needed
public record ExplorerSettings(String host, int port, Optional<String> token) {
    /// Of a token that is guessed by trying.
    private static final int SHORTEST = 16;

    /// Loopback addresses are reached from this machine alone.
    ///
    /// @throws IllegalArgumentException when other machines could ask without a token
    public ExplorerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "--port must be 0 (any that is free) to 65535, but is " + port);
        }
        if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@')) {
            throw new IllegalArgumentException(
                    "--host must be a name or an address, but is '%s'".formatted(host));
        }
        if (!Hosts.isLoopback(host) && token.isEmpty()) {
            throw new IllegalArgumentException(
                    "--host %s lets other machines in; choose what they must know with --token, at least %d characters"
                            .formatted(host, SHORTEST));
        }
        if (token.isPresent()
                && !token.get().matches("[A-Za-z0-9._~-]{%d,200}".formatted(SHORTEST))) {
            throw new IllegalArgumentException(
                    "--token must be %d to 200 letters, digits and any of . _ ~ -"
                            .formatted(SHORTEST));
        }
    }

    /// On this machine alone, on a port that is free.
    public static ExplorerSettings local() {
        return new ExplorerSettings("127.0.0.1", 0, Optional.empty());
    }
}
