package entropylens.cli;

import entropylens.translators.LensSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What names a lens on a command line.
final class LensWords {
    private LensWords() {}

    /// @param option that names it, as messages begin with it
    /// @throws ParameterException when the word names no lens
    static LensSource source(String word, String option, CommandSpec spec) {
        try {
            return LensSource.parse(word);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }
}
