package entropylens.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// What this build is.
final class Version implements IVersionProvider {
    /// The definition of the entropy profile that this version computes; see docs/method.md.
    /// Changes when a number with the same name would come out differently.
    static final String DEFINITION = "entropy-lens/1";

    @Override
    public String[] getVersion() {
        return new String[] {
            "entropy-lens " + version() + " (commit " + commit() + ")",
            "definition " + DEFINITION,
            "JVM " + jvm()
        };
    }

    static String version() {
        return build().getProperty("version", "unknown");
    }

    static String commit() {
        return build().getProperty("commit", "unknown");
    }

    static String jvm() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    private static Properties build() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new CliException("cannot read the program's own build.properties", e);
        }
        return properties;
    }
}
