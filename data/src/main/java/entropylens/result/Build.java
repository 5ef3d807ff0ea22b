package entropylens.result;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this build is, for the record of a result.
public final class Build {
    /// The definition of the entropy profile that this version computes; see docs/method.md.
    /// Changes when a number with the same name would come out differently.
    public static final String DEFINITION = "entropy-lens/1";

    private Build() {}

    /// The version of the program, as Maven has it.
    public static String version() {
        return properties().getProperty("version", "unknown");
    }

    /// The commit of the sources, abbreviated.
    public static String commit() {
        return properties().getProperty("commit", "unknown");
    }

    /// The virtual machine that runs it.
    public static String jvm() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's own build.properties", e);
        }
        return properties;
    }
}
