package entropylens.cli;

import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Preset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Which flaws of the published code are corrected in the preset of the paper.
final class StudyFlawOptions {
    private static final String CORRECT = "--correct";

    /// What `--help` lists.
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Flaw.words().iterator();
        }
    }

    @Option(
            names = CORRECT,
            paramLabel = "FLAW",
            split = ",",
            completionCandidates = Words.class,
            description =
                    "Leave single flaws of the published code out of --preset paper; the report says what that does. ${COMPLETION-CANDIDATES}; docs/method.md says what each is.")
    List<String> words = new ArrayList<>();

    /// @param studies of the run
    Set<Flaw> corrected(Preset preset, Collection<String> studies, CommandSpec spec) {
        Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
        for (String word : words) {
            flaws.add(
                    Flaw.of(word)
                            .orElseThrow(() ->
                                    refused(
                                            spec,
                                            "there is no flaw '%s'; there are %s"
                                                    .formatted(
                                                            word,
                                                            String.join(", ", Flaw.words())))));
        }
        if (!flaws.isEmpty() && preset != Preset.PAPER) {
            throw refused(
                    spec,
                    "preset %s has no flaws of the published code; give --preset paper, or leave %s out"
                            .formatted(preset.word(), CORRECT));
        }
        Flaw.withoutEffect(flaws, studies)
                .ifPresent(why -> {
                    throw refused(spec, why + "; leave it out");
                });
        return flaws;
    }

    private static ParameterException refused(CommandSpec spec, String why) {
        return new ParameterException(spec.commandLine(), CORRECT + ": " + why);
    }

    /// The command line of the same run with other flaws corrected, into a directory beside that of
    /// this one.
    ///
    /// @param arguments of this run
    /// @param corrected in the other one
    /// @param flaw by which it differs
    static List<String> other(List<String> arguments, Set<Flaw> corrected, Flaw flaw) {
        String suffix = (corrected.contains(flaw) ? "-without-" : "-with-") + flaw.word();
        List<String> other = new ArrayList<>();
        boolean ofOutput = false;
        boolean ofCorrect = false;
        for (String argument : arguments) {
            boolean longOutput = argument.startsWith("--output=");
            boolean shortOutput = argument.startsWith("-o") && argument.length() > 2;
            if (ofOutput || longOutput || shortOutput) {
                other.add(argument + suffix);
            } else if (!ofCorrect
                    && !argument.equals("--resume")
                    && !argument.equals(CORRECT)
                    && !argument.startsWith(CORRECT + "=")) {
                other.add(argument);
            }
            ofOutput = argument.equals("-o") || argument.equals("--output");
            ofCorrect = argument.equals(CORRECT);
        }
        if (!corrected.isEmpty()) {
            other.addAll(other.indexOf("study") + 1, List.of(CORRECT, Flaw.list(corrected)));
        }
        return List.copyOf(other);
    }
}
