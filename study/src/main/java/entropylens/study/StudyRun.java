package entropylens.study;

import entropylens.data.LeftOut;
import entropylens.data.ModelRow;
import entropylens.data.ProblemRow;
import entropylens.data.Store;
import entropylens.data.UnitRows;
import entropylens.lens.ReadoutRequest;
import entropylens.study.correctness.Correctness;
import entropylens.study.families.Families;
import entropylens.study.report.Section;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import entropylens.study.skip.Skipping;
import entropylens.study.statistics.Holm;
import entropylens.study.strategies.Strategies;
import entropylens.study.tellapart.ClassWordings;
import entropylens.study.tellapart.Formats;
import entropylens.study.tellapart.Groups;
import entropylens.study.tellapart.Tasks;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.FlawFigure;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/// One run of one or more studies on one or more models: first everything is measured, one model in
/// memory at a time, then everything is concluded from what was kept.
public final class StudyRun {
    /// Seed of the random weights of untrained twins.
    public static final long TWIN_SEED = 1;

    private static final String ANY_PROMPT = "Hello.";

    private static final Map<String, Function<StudySettings, Study>> ALL = new LinkedHashMap<>();

    static {
        ALL.put(Strategies.ID, Strategies::new);
        ALL.put(Families.ID, Families::new);
        ALL.put(Tasks.ID, Tasks::new);
        ALL.put(Formats.ID, Formats::new);
        ALL.put(Groups.ID, Groups::new);
        ALL.put(Skipping.ID, Skipping::new);
        ALL.put(Correctness.ID, Correctness::new);
    }

    private final StudySettings settings;
    private final List<Study> studies;
    private final List<String> ids;

    /// Reads the user's files. To be made before models are loaded and a store is opened, so that
    /// nothing is half-written where a file cannot be used.
    ///
    /// @param ids of the studies, from [#ids()]
    /// @throws entropylens.data.DataException that names file, row and column
    public StudyRun(List<String> ids, StudySettings settings) {
        this.settings = settings;
        this.ids = List.copyOf(ids);
        ClassWordings.requireUsed(settings.inputs(), ids);
        this.studies = ids.stream().map(id -> study(id, settings)).toList();
    }

    /// The studies that there are.
    public static List<String> ids() {
        return List.copyOf(ALL.keySet());
    }

    private static Study study(String id, StudySettings settings) {
        Function<StudySettings, Study> study = ALL.get(id);
        if (study == null) {
            throw new IllegalArgumentException(
                    "there is no study '%s'; there are %s".formatted(id, String.join(", ", ids())));
        }
        return study.apply(settings);
    }

    /// Whether these studies also measure a model's untrained twin.
    public boolean wantsTwins() {
        return studies.stream().anyMatch(Study::wantsTwins);
    }

    /// Whether any of these studies gives texts as prompts, which a chat template may write.
    public boolean prompts() {
        return studies.stream().anyMatch(Study::prompts);
    }

    /// All that any of these studies measures: a run keeps a column for each.
    public ReadoutRequest columns() {
        return Protocol.STATISTICS.with(
                studies.stream().flatMap(study -> study.statistics().stream()).toList());
    }

    /// Looks whether a model can be measured in these studies, before anything is written.
    ///
    /// @throws entropylens.study.workbench.StudyException when it cannot
    /// @throws entropylens.checkpoint.CheckpointException when its chat template cannot be rendered
    public void requireFits(Subject subject) {
        subject.encode(ANY_PROMPT); // a template may refuse what the system says
        studies.forEach(study -> study.requireFits(subject));
        Workbench.requireNulls(subject, settings);
    }

    /// Rows of the user's files that are not measured, by study; known once all models were looked
    /// at.
    public Map<String, List<LeftOut>> leftOut() {
        Map<String, List<LeftOut>> byStudy = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            List<LeftOut> rows = studies.get(i).leftOut();
            if (!rows.isEmpty()) {
                byStudy.put(ids.get(i), rows);
            }
        }
        return byStudy;
    }

    /// Measures a model in all studies that it belongs to; what is measured already is left alone.
    public void measure(Subject subject, Store store, StudyProgress progress) {
        Workbench bench = new Workbench(store, settings, progress);
        bench.once("models/" + subject.name(), subject, () -> new UnitRows().add(row(subject)));
        if (subject.untrainedSeed().isEmpty()) {
            leftOut().forEach((study, rows) -> keep(study, rows, subject, bench));
        }
        for (Study study : studies) {
            if (subject.untrainedSeed().isEmpty() || study.wantsTwins()) {
                study.measure(subject, bench);
            }
        }
    }

    private static void keep(
            String study, List<LeftOut> leftOut, Subject subject, Workbench bench) {
        UnitRows problems = new UnitRows();
        leftOut.forEach(
                row -> problems.add(new ProblemRow(subject.name(), row.id(), row.reason())));
        bench.once("%s/%s/problems".formatted(study, subject.name()), subject, () -> problems);
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
    public Conclusions conclude(List<Subject.About> subjects, Store store, StudyProgress progress) {
        return conclude(
                subjects,
                store,
                progress,
                List.of(),
                (corrected, _) -> "the same with --correct " + Flaw.list(corrected));
    }

    /// The same through more lenses, and with the commands of runs that differ by one flaw of the
    /// published code.
    ///
    /// @param labels of the lenses that every subject has beside the logit lens
    public Conclusions conclude(
            List<Subject.About> subjects,
            Store store,
            StudyProgress progress,
            List<String> labels,
            Rerun rerun) {
        Workbench bench = new Workbench(store, settings, progress);
        List<Verdict> verdicts = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        List<FlawFigure> flaws = new ArrayList<>();
        for (Study study : studies) {
            Study.Findings findings = study.conclude(of(subjects, study), bench);
            verdicts.addAll(findings.verdicts());
            sections.add(findings.section());
            flaws.addAll(findings.flaws());
        }
        if (settings.preset() == Preset.PAPER && Flaw.anyOf(ids)) {
            sections.add(new FlawSection(ids, settings, flaws, rerun).build());
        }
        store.exportParquet();
        List<Verdict> corrected = corrected(verdicts);
        LensConclusions lenses = new LensConclusions(ids, studies, settings.through(labels), bench);
        List<UnderLens> under = lenses.of(subjects);
        lenses.section(subjects, corrected, under).ifPresent(sections::add);
        return new Conclusions(corrected, List.copyOf(sections), under);
    }

    /// The models that a study measures.
    static List<Subject.About> of(List<Subject.About> subjects, Study study) {
        return subjects.stream().filter(about -> !about.untrained() || study.wantsTwins()).toList();
    }

    /// Holm's correction over everything that the run tests: with some fifty verdicts, two or three
    /// would come out by chance.
    static List<Verdict> corrected(List<Verdict> verdicts) {
        double[] tested =
                verdicts.stream()
                        .mapToDouble(verdict -> verdict.evidence().p())
                        .filter(p -> !Double.isNaN(p))
                        .toArray();
        if (tested.length == 0) {
            return List.copyOf(verdicts);
        }
        double[] adjusted = Holm.adjusted(tested);
        List<Verdict> corrected = new ArrayList<>();
        int next = 0;
        for (Verdict verdict : verdicts) {
            boolean hasTest = !Double.isNaN(verdict.evidence().p());
            corrected.add(hasTest ? verdict.corrected(adjusted[next++], tested.length) : verdict);
        }
        return List.copyOf(corrected);
    }

    /// The command of a run that differs by one flaw of the published code.
    @FunctionalInterface
    public interface Rerun {
        /// @param corrected in that run
        /// @param flaw by which it differs from this one
        String command(Set<Flaw> corrected, Flaw flaw);
    }

    /// @param verdicts of all studies
    /// @param sections one per study
    /// @param lenses what other lenses show
    public record Conclusions(
            List<Verdict> verdicts, List<Section> sections, List<UnderLens> lenses) {}
}
