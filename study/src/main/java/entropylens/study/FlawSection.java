package entropylens.study;

import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.FlawFigure;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How the report of a run of the paper's preset shows the flaws of the published procedure: each
/// by name, on or corrected, with what it does to the figures.
final class FlawSection {
    private static final String NONE = "–";

    private final List<String> studies;
    private final StudySettings settings;
    private final List<FlawFigure> figures;
    private final StudyRun.Rerun rerun;

    FlawSection(
            List<String> studies,
            StudySettings settings,
            List<FlawFigure> figures,
            StudyRun.Rerun rerun) {
        this.studies = studies;
        this.settings = settings;
        this.figures = figures;
        this.rerun = rerun;
    }

    Section build() {
        List<List<Object>> rows = new ArrayList<>();
        for (Flaw flaw : Flaw.values()) {
            for (String study : flaw.studies()) {
                if (studies.contains(study)) {
                    rows.addAll(rows(flaw, study));
                }
            }
        }
        return new Section(
                "flaws",
                "What do the flaws of the published procedure do?",
                protocol(),
                List.of(),
                List.of(
                        new Table(
                                "Flaws of the published procedure",
                                List.of(
                                        "flaw",
                                        "study",
                                        "model",
                                        "in this run",
                                        "figure",
                                        "with the flaw",
                                        "without it",
                                        "the other way"),
                                rows,
                                3)),
                List.of());
    }

    private List<List<Object>> rows(Flaw flaw, String study) {
        List<List<Object>> rows = new ArrayList<>();
        for (FlawFigure figure : figures) {
            if (figure.flaw() == flaw && figure.study().equals(study)) {
                boolean both = figure.with().isPresent() && figure.without().isPresent();
                rows.add(
                        List.of(
                                flaw.word(),
                                study,
                                figure.model(),
                                state(flaw),
                                figure.figure(),
                                shown(figure.with()),
                                shown(figure.without()),
                                both ? "the same texts" : otherWay(flaw)));
            }
        }
        if (rows.isEmpty()) {
            rows.add(
                    List.of(
                            flaw.word(),
                            study,
                            "all",
                            state(flaw),
                            "every figure of the study",
                            NONE,
                            NONE,
                            otherWay(flaw)));
        }
        return rows;
    }

    private String state(Flaw flaw) {
        return settings.has(flaw) ? "on" : "corrected";
    }

    private static Object shown(Optional<Number> figure) {
        // JSON has no NaN
        return figure.filter(number -> !Double.isNaN(number.doubleValue()))
                .<Object>map(number -> number)
                .orElse(NONE);
    }

    private String otherWay(Flaw flaw) {
        Set<Flaw> other = EnumSet.noneOf(Flaw.class);
        other.addAll(settings.corrected());
        if (!other.remove(flaw)) {
            other.add(flaw);
        }
        return Flaw.withoutEffect(other, studies).orElseGet(() -> rerun.command(other, flaw));
    }

    private List<String> protocol() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "The preset of the paper follows the published code, its flaws included. Each can be corrected by itself with --correct; what that does to the figures is in the table, from the same texts where they tell, else by another run.");
        for (Flaw flaw : Flaw.values()) {
            if (flaw.studies().stream().anyMatch(studies::contains)) {
                lines.add(
                        settings.has(flaw)
                                ? "%s, on: %s. Corrected: %s."
                                        .formatted(flaw.word(), flaw.published(), flaw.corrected())
                                : "%s, corrected: %s. The published code: %s."
                                        .formatted(
                                                flaw.word(), flaw.corrected(), flaw.published()));
            }
        }
        return lines;
    }
}
