package entropylens.study.workbench;

import entropylens.data.LeftOut;
import entropylens.lens.Statistic;
import entropylens.study.report.Section;
import entropylens.study.report.Verdict;
import java.util.List;

/// One of the studies, in one run: what it measures on each model, and what it concludes from all
/// of them. What it reads of the user's, it reads when it is made: before a model is loaded or
/// anything is written, and once.
public interface Study {
    /// Whether it also measures each model's untrained twin, as a control.
    default boolean wantsTwins() {
        return false;
    }

    /// Whether it gives texts as prompts, which a chat template may write.
    default boolean prompts() {
        return false;
    }

    /// Statistics that it measures beside those that all studies do ([Protocol#STATISTICS]).
    default List<Statistic> statistics() {
        return List.of();
    }

    /// Looks whether a model can be measured, before anything is written.
    ///
    /// @throws StudyException when it cannot
    default void requireFits(Subject subject) {}

    /// Rows of the user's files that no model is measured on: those that cannot be read, and those
    /// that do not fit one of the models, so that all models are measured on the same rows. Known
    /// once [#requireFits] has seen all models.
    default List<LeftOut> leftOut() {
        return List.of();
    }

    /// Measures what is not measured yet.
    ///
    /// @throws StudyException when the model or the settings do not allow it
    void measure(Subject subject, Workbench bench);

    /// What the measurements say. Deterministic: from the same rows, the same words.
    ///
    /// @param subjects all that were measured, twins included
    Findings conclude(List<Subject.About> subjects, Workbench bench);

    /// @param verdicts one per claim and model
    /// @param section how they were come by
    /// @param flaws what flaws of the published code do to figures, in the preset of the paper
    record Findings(List<Verdict> verdicts, Section section, List<FlawFigure> flaws) {
        public Findings {
            verdicts = List.copyOf(verdicts);
            flaws = List.copyOf(flaws);
        }

        /// Of a study that does not measure flaws.
        public Findings(List<Verdict> verdicts, Section section) {
            this(verdicts, section, List.of());
        }
    }
}
