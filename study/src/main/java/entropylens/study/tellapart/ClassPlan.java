package entropylens.study.tellapart;

import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Shuffling;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudySettings;
import java.util.List;

/// How a study tells classes apart: what differs between the studies that do.
///
/// @param study its name
/// @param classes their names, in the order of the report
/// @param what a class is, in the plural: "task types"
/// @param unit what a group of texts shares, in the plural: "stories"
/// @param oneUnit the same in the singular
/// @param neighbours the paper's k, the first of which its headline is read with
/// @param inOrder whether the paper's folds are cut from the texts in their order, not shuffled
/// @param paper what the paper found
/// @param known what models of Tinytown have read of what is asked, as a verdict's caution says it
/// @param ungrouped name of the folds that do not keep groups whole
/// @param own whether classes are a user's labels, which may belong to whole groups, and be more or
///   less frequent
record ClassPlan(
        String study,
        List<String> classes,
        String what,
        String unit,
        String oneUnit,
        List<Integer> neighbours,
        boolean inOrder,
        String paper,
        String known,
        String ungrouped,
        boolean own) {
    private static final String PUBLISHED = "ungrouped (the paper's)";

    /// Of classes that are asked for in Tinytown's wordings.
    ClassPlan(
            String study,
            List<String> classes,
            String what,
            String unit,
            String oneUnit,
            List<Integer> neighbours,
            boolean inOrder,
            String paper) {
        this(
                study,
                classes,
                what,
                unit,
                oneUnit,
                neighbours,
                inOrder,
                paper,
                "these very wordings and formats",
                PUBLISHED,
                false);
    }

    /// The same, of classes that are asked for in other wordings.
    ClassPlan knownAs(String words) {
        return new ClassPlan(
                study,
                classes,
                what,
                unit,
                oneUnit,
                neighbours,
                inOrder,
                paper,
                words,
                ungrouped,
                own);
    }

    /// The same, with the corrections of a run.
    ClassPlan correctedBy(StudySettings settings) {
        return settings.corrected().contains(Flaw.FOLDS_IN_ORDER)
                ? new ClassPlan(
                        study,
                        classes,
                        what,
                        unit,
                        oneUnit,
                        neighbours,
                        false,
                        paper,
                        known,
                        "ungrouped, drawn with the seed",
                        own)
                : this;
    }

    static final String PROFILE = "profile";

    /// The reader of the verdict: the paper's.
    Classifiers.Reader headline() {
        return Classifiers.nearest(neighbours.getFirst());
    }

    /// What the first verdict says of where wordings are kept apart.
    String claimOfChance() {
        return claimOfOneWording() + ", whatever the wording";
    }

    /// The same where the folds do not keep them apart.
    String claimOfOneWording() {
        return "(iii) profiles tell %s apart".formatted(what);
    }

    String claimOfMore() {
        return "(iii) profiles tell %s apart better than what is known without them"
                .formatted(what);
    }

    String claimOfLayers() {
        return "(iii) the layers before the last add to telling %s apart".formatted(what);
    }

    /// How many classes, or which of them, the effect of the first verdict is of.
    String auc() {
        return classes.size() == 2 && own ? "AUROC" : "macro one-against-rest AUC";
    }

    /// How labels are shuffled, in words.
    String shuffled() {
        return own ? "labels exchanged between " + unit : "labels shuffled inside each " + oneUnit;
    }

    /// What the rows of a table of confusion are.
    String trueClass() {
        return own ? "label" : "asked for";
    }

    /// How labels are shuffled.
    ///
    /// @param seed of the folds
    Shuffling shuffling(long seed) {
        return own ? Shuffling.ofGroups(seed) : Shuffling.IN_PLACE;
    }

    String grouped() {
        return "by " + oneUnit;
    }

    String across() {
        return "by " + oneUnit + ", other wordings";
    }

    String headlineFolds(StudySettings settings) {
        return settings.has(Flaw.UNGROUPED_FOLDS) ? ungrouped() : grouped();
    }
}
