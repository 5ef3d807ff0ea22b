package entropylens.pull;

import java.util.regex.Pattern;

/// A file as the hub announces it.
///
/// @param name its path in the model
/// @param etag the SHA-256 of its content, or else the hash that git gives it; its name in the
///   cache
/// @param size in bytes
record RemoteFile(String name, String etag, long size) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT_SHA1 = Pattern.compile("[0-9a-f]{40}");

    /// Whether an ETag is a hash that the content can be checked against.
    static boolean isHash(String etag) {
        return SHA256.matcher(etag).matches() || GIT_SHA1.matcher(etag).matches();
    }

    boolean isSha256() {
        return etag.length() == 64;
    }
}
