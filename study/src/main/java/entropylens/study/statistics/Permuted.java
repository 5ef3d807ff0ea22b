package entropylens.study.statistics;

/// A statistic of labels beside its values where the labels change places.
///
/// @param statistic of the labels as they are
/// @param pValue one-sided: how often it is as large by chance
/// @param mean over arrangements: what the statistic is where there is nothing to find
public record Permuted(double statistic, double pValue, double mean) {}
