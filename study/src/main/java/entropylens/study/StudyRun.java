package entropylens.study;

import entropylens.data.ModelRow;
import entropylens.data.Store;
import entropylens.data.UnitRows;
import entropylens.study.correctness.Correctness;
import entropylens.study.families.Families;
import entropylens.study.report.Section;
import entropylens.study.report.Verdict;
import entropylens.study.skip.Skipping;
import entropylens.study.strategies.Strategies;
import entropylens.study.tellapart.Formats;
import entropylens.study.tellapart.Tasks;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One run of one or more studies on one or more models: first everything is measured, one model in
/// memory at a time, then everything is concluded from what was kept.
public final class StudyRun {
    /// Seed of the random weights of untrained twins.
    public static final long TWIN_SEED = 1;

    private static final List<Study> ALL =
            List.of(
                    new Strategies(),
                    new Families(),
                    new Tasks(),
                    new Formats(),
                    new Skipping(),
                    new Correctness());

    private final List<Study> studies;
    private final Workbench bench;
    private final Store store;

    /// @param ids of the studies, from [#ids()]
    public StudyRun(List<String> ids, StudySettings settings, Store store, StudyProgress progress) {
        this.studies = ids.stream().map(StudyRun::study).toList();
        this.store = store;
        this.bench = new Workbench(store, settings, progress);
    }

    /// The studies that there are.
    public static List<String> ids() {
        return ALL.stream().map(Study::id).toList();
    }

    private static Study study(String id) {
        return ALL.stream()
                .filter(study -> study.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no study '%s'; there are %s"
                                        .formatted(id, String.join(", ", ids()))));
    }

    /// Whether these studies also measure a model's untrained twin.
    public static boolean wantTwins(List<String> ids) {
        return ids.stream().map(StudyRun::study).anyMatch(Study::wantsTwins);
    }

    /// Orders of the Rényi entropies that these studies measure: a run keeps a column for each.
    public static List<Double> alphas(List<String> ids) {
        return ids.stream()
                .map(StudyRun::study)
                .flatMap(study -> study.alphas().stream())
                .distinct()
                .toList();
    }

    /// Reads the user's files. To be called before models are loaded and a store is opened, so that
    /// nothing is half-written where a file cannot be used.
    ///
    /// @throws entropylens.data.DataException that names file, row and column
    public static void check(List<String> ids, StudySettings settings) {
        ids.stream().map(StudyRun::study).forEach(study -> study.check(settings));
    }

    /// Looks whether a model can be measured in these studies, before anything is written.
    ///
    /// @throws StudyException when it cannot
    public static void requireFits(List<String> ids, Subject subject, StudySettings settings) {
        ids.stream().map(StudyRun::study).forEach(study -> study.requireFits(subject, settings));
    }

    /// Measures a model in all studies that it belongs to; what is measured already is left alone.
    public void measure(Subject subject) {
        bench.once("models/" + subject.name(), () -> new UnitRows().add(row(subject)));
        for (Study study : studies) {
            if (subject.untrainedSeed().isEmpty() || study.wantsTwins()) {
                study.measure(subject, bench);
            }
        }
    }

    private static ModelRow row(Subject subject) {
        Subject.About about = subject.about();
        OptionalLong seed = subject.untrainedSeed();
        return new ModelRow(
                about.name(),
                about.family(),
                about.blocks(),
                about.vocabulary(),
                subject.loaded().parameters(),
                seed.isPresent() ? Long.valueOf(seed.getAsLong()) : null);
    }

    /// What all measurements say together.
    ///
    /// @param subjects every model measured, twins included, in the order of the report
    /// @return verdicts and sections; title, command and facts are the caller's to add
    public Conclusions conclude(List<Subject.About> subjects) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        for (Study study : studies) {
            Study.Findings findings =
                    study.conclude(
                            subjects.stream()
                                    .filter(about -> !about.untrained() || study.wantsTwins())
                                    .toList(),
                            bench);
            verdicts.addAll(findings.verdicts());
            sections.add(findings.section());
        }
        store.exportParquet();
        return new Conclusions(List.copyOf(verdicts), List.copyOf(sections));
    }

    /// @param verdicts of all studies
    /// @param sections one per study
    public record Conclusions(List<Verdict> verdicts, List<Section> sections) {}
}
