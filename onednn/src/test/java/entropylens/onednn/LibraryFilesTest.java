package entropylens.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.kernels.Device;
import entropylens.kernels.DeviceException;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the library comes from, and what is said where it cannot. Nothing is opened.
class LibraryFilesTest {
    @TempDir Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(LibraryFiles.PROPERTY);
    }

    @Test
    void aMissingFileIsNamed() {
        System.setProperty(LibraryFiles.PROPERTY, folder.resolve("libdnnl.so.3").toString());
        assertThat(LibraryFiles.found()).contains("not here");
        assertThatThrownBy(LibraryFiles::library)
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining(LibraryFiles.PROPERTY)
                .hasMessageContaining("is no file");
    }

    @Test
    void aJarWithoutTheLibraryIsRefused() throws IOException {
        Path jar = folder.resolve("other.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("nothing"));
        }
        System.setProperty(LibraryFiles.PROPERTY, jar.toString());
        assertThatThrownBy(LibraryFiles::library)
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("other.jar")
                .hasMessageContaining("no org/bytedeco/dnnl/linux-x86_64/libgomp.so.1");
    }

    @Test
    void anotherPrecisionIsRefusedBeforeAnythingIsLoaded() {
        System.setProperty(LibraryFiles.PROPERTY, folder.resolve("none").toString());
        assertThatThrownBy(() -> new Device("onednn", 0, Precision.FLOAT32).open(new WorkerPool(1)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("bfloat16, not in float32");
    }
}
