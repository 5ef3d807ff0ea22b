package entropylens.study.workbench;

import entropylens.data.ProfileRows;
import java.util.ArrayList;
import java.util.List;

/// The lenses that a run looks through beside the logit lens, the same for all of its models. All
/// read the same forward passes.
///
/// @param labels what the column `lens` and reports call them, as `ridge`; the second of one kind
///   is `ridge 2`
/// @param nulls whether each lens, the logit lens too, also looks at the null of drift
///   ([entropylens.translators.Drift])
public record StudyLenses(List<String> labels, boolean nulls) {
    /// What the column `lens` says of the logit lens.
    public static final String LOGIT = ProfileRows.LOGIT;

    /// The logit lens alone.
    public static final StudyLenses NONE = new StudyLenses(List.of(), false);

    private static final String DRIFT = "drift";

    public StudyLenses {
        labels = List.copyOf(labels);
    }

    /// What a lens is called when it looks at the null of drift: `drift`, or `drift, ridge`.
    public static String drift(String label) {
        return label.equals(LOGIT) ? DRIFT : DRIFT + ", " + label;
    }

    /// The logit lens and those beside it, without the nulls.
    public List<String> withLogit() {
        List<String> all = new ArrayList<>();
        all.add(LOGIT);
        all.addAll(labels);
        return all;
    }

    /// Everything that is read beside the logit lens, nulls included.
    public List<String> others() {
        List<String> all = new ArrayList<>(labels);
        if (nulls) {
            withLogit().forEach(label -> all.add(drift(label)));
        }
        return all;
    }
}
