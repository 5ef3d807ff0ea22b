package entropylens.study.workbench;

import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Prompt;
import entropylens.translators.Drift;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The null of drift of a study on a model: mean and covariance of every layer, of the positions
/// that the study measures. Of some of its prompts, evenly from the first to the last; run once,
/// and only where something is left to be measured.
final class DriftOf {
    private static final int TEXTS = 64;

    /// Positions for each direction of the stream.
    private static final int EACH = 10;

    private final Subject subject;
    private final List<Prompt> prompts;
    private final ProfileRequest request;
    private final int batch;
    private @Nullable Drift drift;

    /// @param prompts all of the study
    DriftOf(Subject subject, List<Prompt> prompts, ProfileRequest request, int batch) {
        this.subject = subject;
        this.prompts = prompts;
        this.request = request;
        this.batch = batch;
    }

    /// Looks whether a model's null of drift can be held, before anything is measured.
    ///
    /// @throws StudyException when the heap is too small
    static void requireMemory(Subject subject) {
        try {
            Drift.requireMemory(subject.model().config());
        } catch (IllegalArgumentException e) {
            throw refused(subject, e);
        }
    }

    private static StudyException refused(Subject subject, IllegalArgumentException why) {
        return new StudyException("%s: --nulls: %s".formatted(subject.name(), why.getMessage()));
    }

    /// @throws StudyException when there are too few positions
    Drift get() {
        Drift known = drift;
        if (known == null) {
            try {
                known = Drift.of(subject.model(), some(), request, batch);
            } catch (IllegalArgumentException e) {
                throw refused(subject, e);
            }
            drift = known;
        }
        return known;
    }

    private List<Prompt> some() {
        int positions = Math.max(1, positions(prompts.getFirst()));
        int wanted = EACH * subject.model().config().dModel() / positions + 1;
        int count = Math.min(prompts.size(), Math.max(TEXTS, wanted));
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * prompts.size() / count))
                .mapToObj(prompts::get)
                .toList();
    }

    private int positions(Prompt prompt) {
        return switch (request.positions()) {
            case Positions.OfPrompt _ -> prompt.ids().length;
            case Positions.OfAnswer _ -> prompt.answer().length;
            case Positions.Generated generated -> generated.tokens();
        };
    }
}
