package entropylens.study.families;

import entropylens.study.report.Outcome;
import entropylens.study.report.Section;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.GroupDistances;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.TestResult;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.List;

/// Claim (ii): profiles are family-specific, and invariant under depth rescaling.
public final class Families implements Study {
    /// As on the command line.
    public static final String ID = "families";

    private static final int PERMUTATIONS = 2000;

    private final StudySettings settings;

    /// @param settings of the run
    public Families(StudySettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        bench.profile(
                ID,
                subject,
                StudyPrompt.ofBeginToken(subject, settings.samples(64, 64, 24)),
                protocol(settings));
    }

    static Protocol protocol(StudySettings settings) {
        return new Protocol(
                settings.tokens(32, 32, 32), settings.temperature(0.7), Protocol.STATISTICS);
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        FamilyProfiles all = FamilyProfiles.read(subjects, bench);
        FamilyProfiles trained = all.only(about -> !about.untrained());
        FamilyProfiles twins = all.only(Subject.About::untrained);
        FamiliesSection section = new FamiliesSection(settings, all, trained, twins);
        if (!trained.canCompare()) {
            return new Findings(List.of(notTested()), section.build());
        }
        Section built = section.build();
        return new Findings(
                List.of(closer(trained, settings), recognised(trained, settings)), built);
    }

    private static Verdict notTested() {
        return Verdict.notTestable(
                ID,
                "(ii) profiles are family-specific",
                "all models",
                "distance between families less distance within",
                Intervals.LEVEL,
                0,
                "",
                "Needs at least two families, and two models of each; name them with several --model.");
    }

    private static Verdict closer(FamilyProfiles trained, StudySettings settings) {
        double[][] rows = trained.rescaled();
        Interval interval =
                trained.interval(chosen -> trained.distances(rows, chosen).difference(), settings);
        TestResult test =
                GroupDistances.permutationTest(
                        FamilyProfiles.rootMeanSquare(rows),
                        trained.families(),
                        trained.models(),
                        PERMUTATIONS,
                        settings.seed());
        GroupDistances means = trained.distances(rows);
        return new Verdict(
                ID,
                "(ii) over relative depth, profiles of a family are closer than those of others",
                "all models",
                outcome(interval, test),
                "distance between families less distance within, nats (root mean square over depth)",
                interval.estimate(),
                interval.low(),
                interval.high(),
                Intervals.LEVEL,
                0,
                "profiles of a family align over l / L (arXiv 2502.16570, abstract); no figure given",
                "%.2f nats within families, %.2f between; permutation of the families among %d models: p = %.3f. The interval is over texts; with few models it is p that decides."
                        .formatted(
                                means.within(),
                                means.between(),
                                trained.modelCount(),
                                test.pValue()));
    }

    /// Texts are many, models few: a difference that any two models would show is no family's.
    private static Outcome outcome(Interval interval, TestResult test) {
        Outcome ofTexts = Verdict.above(0, interval.low(), interval.high());
        return ofTexts == Outcome.SUPPORTED && test.pValue() >= 1 - Intervals.LEVEL
                ? Outcome.UNDECIDED
                : ofTexts;
    }

    private static Verdict recognised(FamilyProfiles trained, StudySettings settings) {
        double[] right = trained.recognised(trained.rescaled());
        Interval interval = trained.intervalOverModels(right, settings);
        double chance = trained.chance();
        return new Verdict(
                ID,
                "(ii) a model's family is recognised by models of other depths",
                "all models",
                Verdict.above(chance, interval.low(), interval.high()),
                "share of texts whose family is recognised when their whole model is left out",
                interval.estimate(),
                interval.low(),
                interval.high(),
                Intervals.LEVEL,
                chance,
                "a t-SNE map shows families apart (arXiv 2502.16570); no figure given",
                "%d nearest neighbours among the texts of the other models, profiles on a common grid of relative depth; guessing gets %.2f. The interval is over models."
                        .formatted(FamilyProfiles.NEIGHBOURS, chance));
    }
}
