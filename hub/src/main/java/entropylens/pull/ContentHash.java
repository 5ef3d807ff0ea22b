package entropylens.pull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The hash of a file as it arrives: its SHA-256, or the SHA-1 that git gives it, which is that of
/// `blob <size>\0` and the content.
final class ContentHash {
    private final RemoteFile file;
    private MessageDigest digest;

    ContentHash(RemoteFile file) {
        this.file = file;
        this.digest = begin(file);
    }

    private static MessageDigest begin(RemoteFile file) {
        try {
            if (file.isSha256()) {
                return MessageDigest.getInstance("SHA-256");
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1 and SHA-256", e);
        }
    }

    void startOver() {
        digest = begin(file);
    }

    void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /// Ends the hash.
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
