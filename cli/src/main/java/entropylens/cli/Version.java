package entropylens.cli;

import entropylens.result.Build;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says of this build.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "entropy-lens " + Build.version() + " (commit " + Build.commit() + ")",
            "definition " + Build.DEFINITION,
            "JVM " + Build.jvm()
        };
    }
}
