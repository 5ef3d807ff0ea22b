package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentIdentityTest {
    @TempDir Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String sha256(String content) throws NoSuchAlgorithmException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void oneByteOrOneNameMakesAnotherIdentity() throws IOException {
        String one = ContentIdentity.sha256(List.of(file("a", "weights")));
        assertThat(ContentIdentity.sha256(List.of(file("a", "weightt")))).isNotEqualTo(one);
        assertThat(ContentIdentity.sha256(List.of(file("b", "weights")))).isNotEqualTo(one);
        assertThat(ContentIdentity.sha256(List.of(file("a", "weights")))).isEqualTo(one);
    }

    /// The blob that is linked to holds something else here, so reading it would show.
    @Test
    void filesOfTheHubsCacheAreKnownByTheNameOfTheirBlob() throws Exception {
        String plain = ContentIdentity.sha256(List.of(file("model.safetensors", "weights")));
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path blob = Files.writeString(blobs.resolve(sha256("weights")), "not looked at");
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        Path link = Files.createSymbolicLink(snapshot.resolve("model.safetensors"), blob);
        assertThat(ContentIdentity.sha256(List.of(link))).isEqualTo(plain);
    }

    @Test
    void otherLinksAreRead() throws IOException {
        String plain = ContentIdentity.sha256(List.of(file("model.safetensors", "weights")));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path other = Files.writeString(elsewhere.resolve("file"), "other");
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        Path link = Files.createSymbolicLink(snapshot.resolve("model.safetensors"), other);
        assertThat(ContentIdentity.sha256(List.of(link))).isNotEqualTo(plain);
    }
}
