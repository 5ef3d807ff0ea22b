package entropylens.study.statistics;

import java.util.List;

/// Chooses among learners by cross-validation inside the training rows, then learns from all of
/// them: nested inside outer folds, no test row has a say in the choice. Inner folds keep groups
/// whole too.
///
/// @param candidates as [NearestNeighbours] of several k; of equally good ones the first is taken
/// @param folds number of inner folds
/// @param seed of the inner folds
/// @param score of all training rows together, each predicted by the fold that tests it
public record InnerSelection(List<? extends Learner> candidates, int folds, long seed, Score score)
        implements Learner {
    public InnerSelection {
        candidates = List.copyOf(candidates);
        Require.atLeast(1, candidates.size(), "number of candidates");
    }

    /// k nearest neighbours with k chosen by macro AUC.
    public static InnerSelection ofNeighbours(List<Integer> candidates, int folds, long seed) {
        List<NearestNeighbours> learners = candidates.stream().map(NearestNeighbours::new).toList();
        return new InnerSelection(learners, folds, seed, Scores::macroAuc);
    }

    @Override
    public Classifier fit(LabelledData training) {
        return candidates.get(choose(training)).fit(training);
    }

    /// Index of the candidate that does best on the inner folds.
    public int choose(LabelledData training) {
        List<Fold> inner =
                Folds.stratifiedGroups(training.labels(), training.groups(), folds, seed);
        int best = 0;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            double[][] probabilities =
                    CrossValidation.probabilities(training, inner, candidates.get(i));
            double itsScore = score.of(probabilities, training.labels());
            if (itsScore > bestScore) {
                best = i;
                bestScore = itsScore;
            }
        }
        return best;
    }
}
