package entropylens.study.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A model and its untrained twin, which was measured right after it.
public record WithTwin(Subject.About about, Optional<Subject.About> twin) {
    /// @param subjects each followed by its twin, if it has one
    public static List<WithTwin> of(List<Subject.About> subjects) {
        List<WithTwin> pairs = new ArrayList<>();
        for (Subject.About subject : subjects) {
            if (subject.untrained() && !pairs.isEmpty()) {
                WithTwin last = pairs.removeLast();
                pairs.add(new WithTwin(last.about(), Optional.of(subject)));
            } else {
                pairs.add(new WithTwin(subject, Optional.empty()));
            }
        }
        return pairs;
    }
}
