package entropylens.study;

import entropylens.data.StoredText;
import entropylens.lens.ReadoutRequest;
import entropylens.study.report.Section;
import entropylens.study.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Claim (i): profiles uncover two strategies. Whether blocks expand and prune, and whether the
/// entropy goes with the number of candidate tokens.
final class Strategies implements Study {
    static final String ID = "strategies";

    /// The statistics that it reads back.
    static final List<String> STATISTICS =
            List.of(
                    "entropy",
                    "top_p_size_0_6",
                    "top_p_size_0_9",
                    "jaccard_0_6",
                    "containment_0_6");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        bench.profile(ID, subject, prompts(subject, bench.settings()), protocol(bench.settings()));
        if (subject.untrainedSeed().isEmpty()) {
            bench.once(
                    Workbench.unit(ID + "/moves", subject, 0),
                    () -> CandidateMoves.of(subject, bench.texts(ID, subject.name(), List.of())));
        }
    }

    static List<StudyPrompt> prompts(Subject subject, StudySettings settings) {
        int[] begin = subject.begin();
        return IntStream.range(0, settings.samples(64, 64, 24))
                .mapToObj(i -> {
                    String id = StudyPrompt.id(i);
                    return new StudyPrompt(id, id, null, null, null, null, begin);
                })
                .toList();
    }

    private static Protocol protocol(StudySettings settings) {
        return new Protocol(
                settings.tokens(32, 32, 32),
                settings.temperature(0.7),
                ReadoutRequest.ENTROPY
                        .withTopPs(List.of(0.6, 0.9))
                        .withOverlap()
                        .withLogitStd()
                        .withNorm());
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        List<Verdict> verdicts = new ArrayList<>();
        StrategiesSection section =
                new StrategiesSection(bench.settings(), protocol(bench.settings()));
        for (Subject.About subject : subjects) {
            List<StoredText> texts = bench.texts(ID, subject.name(), STATISTICS);
            StrategyMeasures measures = StrategyMeasures.of(texts, bench.settings());
            section.add(subject, measures);
            if (!subject.untrained()) {
                section.add(subject, bench.moves(ID, subject.name()));
                verdicts.addAll(measures.verdicts(subject));
            }
        }
        Section done = section.build();
        return new Findings(verdicts, done);
    }
}
