package entropylens.study.report;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that a run reports.
///
/// @param title of the run
/// @param command the command line that repeats it
/// @param facts what else repeating it takes, by name: versions, seeds, models with hashes, machine
/// @param verdicts the answer, one per claim and model
/// @param sections one per study
/// @param lenses what other lenses show, in the order given; empty where there are none
public record StudyReport(
        String title,
        String command,
        SortedMap<String, String> facts,
        List<Verdict> verdicts,
        List<Section> sections,
        List<UnderLens> lenses) {
    public StudyReport {
        facts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        verdicts = List.copyOf(verdicts);
        sections = List.copyOf(sections);
        lenses = List.copyOf(lenses);
    }

    /// Of the logit lens alone.
    public StudyReport(
            String title,
            String command,
            SortedMap<String, String> facts,
            List<Verdict> verdicts,
            List<Section> sections) {
        this(title, command, facts, verdicts, sections, List.of());
    }
}
