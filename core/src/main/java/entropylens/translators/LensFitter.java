package entropylens.translators;

import entropylens.model.Progress;
import java.lang.foreign.Arena;
import java.util.List;

/// A way of making a lens from texts.
@FunctionalInterface
public interface LensFitter {
    /// Fits a lens; its matrices are allocated in `arena`, which the caller owns.
    ///
    /// @param texts tokens of each
    /// @param resumption where a long fit keeps how far it is
    /// @throws IllegalArgumentException when the texts do not fit the model, are all too short, or
    ///   determine no lens
    /// @throws entropylens.checkpoint.CheckpointException when what was kept is of another fit, or
    ///   damaged
    LensFit.Fitted fit(List<int[]> texts, Arena arena, Resumption resumption, Progress progress);
}
