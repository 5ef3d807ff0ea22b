package entropylens.study.classify;

/// How labels are shuffled to see what is found where there is nothing, and in which folds they are
/// then read.
public interface Shuffling {
    /// Inside each group where every group has rows of every class, else over all rows; in the
    /// folds of the labels as they are.
    Shuffling IN_PLACE =
            new Shuffling() {
                @Override
                public Cases labels(Cases cases, long seed) {
                    return cases.shuffled(seed);
                }

                @Override
                public Scheme folds(Cases shuffled, Scheme own) {
                    return own;
                }
            };

    Cases labels(Cases cases, long seed);

    /// @param own the folds of the labels as they are
    Scheme folds(Cases shuffled, Scheme own);

    /// For labels that may belong to whole groups: those of one class exchange their classes,
    /// inside the others labels are shuffled. Rows of a group are alike, so labels that are
    /// shuffled row by row would vary too little. Folds are cut anew, stratified by the shuffled
    /// labels as they were by the true ones: in folds of other labels, what a training side has too
    /// much of, its test side has too little of, which lowers the AUC.
    ///
    /// @param seed of the folds
    static Shuffling ofGroups(long seed) {
        return new Shuffling() {
            @Override
            public Cases labels(Cases cases, long shuffle) {
                return cases.exchanged(shuffle);
            }

            @Override
            public Scheme folds(Cases shuffled, Scheme own) {
                return Scheme.grouped(own.name(), shuffled, seed);
            }
        };
    }
}
