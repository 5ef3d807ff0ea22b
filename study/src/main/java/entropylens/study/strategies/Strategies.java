package entropylens.study.strategies;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.lens.Statistic;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Claim (i): profiles uncover two strategies. Whether blocks expand and prune, and whether entropy
/// tracks the size of that set.
public final class Strategies implements Study {
    /// As on the command line.
    public static final String ID = "strategies";

    private static final List<Statistic> MEASURED =
            List.of(
                    Statistic.topPSize(0.6),
                    Statistic.topPSize(0.9),
                    Statistic.jaccard(0.6),
                    Statistic.containment(0.6));

    /// The columns that it reads back.
    static final List<String> COLUMNS =
            Stream.concat(Stream.of(Statistic.ENTROPY), MEASURED.stream())
                    .map(Statistic::column)
                    .toList();

    private final StudySettings settings;

    /// @param settings of the run
    public Strategies(StudySettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public List<Statistic> statistics() {
        return MEASURED;
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        bench.profile(
                ID,
                subject,
                StudyPrompt.ofBeginToken(subject, settings.samples(64, 64, 24), settings),
                protocol(settings));
        if (settings.lenses().nulls()) {
            List<TextRow> texts = bench.firstTexts(ID, subject.name(), Integer.MAX_VALUE);
            bench.profile(
                    StrategyNulls.SHUFFLED,
                    subject,
                    StrategyNulls.shuffled(texts, bench),
                    StrategyNulls.protocol());
        }
        if (subject.untrainedSeed().isEmpty()) {
            bench.once(
                    Workbench.unit(ID + "/moves", subject, 0),
                    subject,
                    () ->
                            CandidateMoves.of(
                                    subject,
                                    bench.firstTexts(ID, subject.name(), CandidateMoves.TEXTS)));
        }
    }

    private static Protocol protocol(StudySettings settings) {
        return new Protocol(
                settings.tokens(32, 32, 32),
                settings.temperature(0.7),
                Protocol.STATISTICS.with(MEASURED));
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        List<Verdict> verdicts = new ArrayList<>();
        StrategiesSection section = new StrategiesSection(settings, protocol(settings));
        for (WithTwin pair : WithTwin.of(subjects)) {
            StrategyMeasures trained = measures(pair.about(), bench);
            section.add(pair.about(), trained);
            section.add(pair.about(), bench.moves(ID, pair.about().name()));
            Subject.About untrained = pair.twin().orElseThrow();
            StrategyMeasures twin = measures(untrained, bench);
            section.add(untrained, twin);
            verdicts.addAll(new StrategyVerdicts(pair.about(), trained, twin).all());
        }
        return new Findings(verdicts, section.build());
    }

    private StrategyMeasures measures(Subject.About subject, Workbench bench) {
        bench.concluding(ID, subject);
        List<StoredText> texts = bench.texts(ID, subject.name(), COLUMNS);
        return StrategyMeasures.of(texts, settings);
    }
}
