package entropylens.cli;

import entropylens.result.Build;
import java.util.List;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says of this build.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }

    static List<String> lines() {
        return List.of(
                "entropy-lens " + Build.version() + " (commit " + Build.commit() + ")",
                "definition " + Build.DEFINITION,
                "JVM " + Build.jvm());
    }
}
