package entropylens.study.tellapart;

import entropylens.study.classify.Readers;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import java.util.List;

/// How a study tells classes apart: what differs between the studies that do.
///
/// @param study its name
/// @param claim in words
/// @param classes their names, in the order of the report
/// @param what a class is, in the plural: "task types"
/// @param unit what a group of texts shares, in the plural: "stories"
/// @param oneUnit the same in the singular
/// @param neighbours the paper's k, the first of which its headline is read with
/// @param paper what the paper found
record ClassPlan(
        String study,
        String claim,
        List<String> classes,
        String what,
        String unit,
        String oneUnit,
        List<Integer> neighbours,
        String paper) {
    static final String PROFILE = "profile";

    /// The reader of the verdict: as published in the preset of the paper, else with k chosen where
    /// no test text has a say in it.
    Readers.Reader headline(StudySettings settings) {
        return settings.preset() == Preset.PAPER
                ? Readers.nearest(neighbours.getFirst())
                : Readers.nearestChosen(settings.seed());
    }

    String grouped() {
        return "by " + oneUnit;
    }

    String ungrouped() {
        return "ungrouped (the paper's)";
    }

    String across() {
        return "by " + oneUnit + ", other wordings";
    }

    String headlineFolds(StudySettings settings) {
        return settings.preset() == Preset.PAPER ? ungrouped() : grouped();
    }
}
