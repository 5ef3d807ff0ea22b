package entropylens.study.statistics;

/// Row indices to learn from and to test on, both ascending.
public record Fold(int[] train, int[] test) {}
