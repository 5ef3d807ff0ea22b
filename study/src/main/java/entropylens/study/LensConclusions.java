package entropylens.study;

import entropylens.study.lenses.LensSection;
import entropylens.study.report.Section;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import entropylens.study.skip.Skipping;
import entropylens.study.strategies.Strategies;
import entropylens.study.strategies.StrategyNulls;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyLenses;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a run concludes through other lenses than the logit lens: every study once more, from the
/// profiles that the lens gave of the same forward passes, and what the lens changes.
final class LensConclusions {
    private final List<String> ids;
    private final List<Study> studies;
    private final StudySettings settings;
    private final Workbench bench;

    LensConclusions(
            List<String> ids, List<Study> studies, StudySettings settings, Workbench bench) {
        this.ids = ids;
        this.studies = studies;
        this.settings = settings;
        this.bench = bench;
    }

    /// @param subjects all models, twins included
    /// @return empty where nothing is looked through but the logit lens
    List<UnderLens> of(List<Subject.About> subjects) {
        List<UnderLens> all = new ArrayList<>();
        if (settings.lenses().nulls() && ids.contains(Strategies.ID)) {
            all.add(under(StudyLenses.LOGIT, nulls(StudyLenses.LOGIT, subjects)));
        }
        if (settings.lenses().others().isEmpty()) {
            return all;
        }
        LensSection changes = changes(subjects);
        for (String label : settings.lenses().others()) {
            List<Verdict> verdicts = new ArrayList<>(concluded(label, subjects));
            if (settings.lenses().labels().contains(label)) {
                verdicts.addAll(changes.verdicts(label));
                verdicts.addAll(nulls(label, subjects));
            }
            all.add(under(label, verdicts));
        }
        return all;
    }

    private static UnderLens under(String label, List<Verdict> verdicts) {
        return new UnderLens(label, StudyRun.corrected(verdicts));
    }

    private List<Verdict> concluded(String label, List<Subject.About> subjects) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < studies.size(); i++) {
            if (seen(ids.get(i))) {
                List<Subject.About> its = StudyRun.of(subjects, studies.get(i));
                verdicts.addAll(studies.get(i).conclude(its, bench.through(label)).verdicts());
            }
        }
        return verdicts;
    }

    /// The preset of the paper compares sets of blocks that were chosen through the logit lens, so
    /// another lens has nothing to say of them.
    private boolean seen(String study) {
        return settings.preset() != Preset.PAPER || !study.equals(Skipping.ID);
    }

    private List<Verdict> nulls(String label, List<Subject.About> subjects) {
        return settings.lenses().nulls() && ids.contains(Strategies.ID)
                ? new StrategyNulls(settings, bench).verdicts(label, subjects)
                : List.of();
    }

    /// Studies whose claims are of ΔH itself.
    private LensSection changes(List<Subject.About> subjects) {
        LensSection section = new LensSection(settings);
        for (String study : List.of(Strategies.ID, Skipping.ID)) {
            if (ids.contains(study)) {
                subjects.forEach(about -> section.add(study, about, bench));
            }
        }
        return section;
    }

    /// @param logit verdicts through the logit lens
    /// @param others through the others
    Optional<Section> section(
            List<Subject.About> subjects, List<Verdict> logit, List<UnderLens> others) {
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(changes(subjects).build(logit, others));
    }
}
