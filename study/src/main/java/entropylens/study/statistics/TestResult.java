package entropylens.study.statistics;

/// What a significance test found.
///
/// @param statistic what the test measures; its meaning is the test's
/// @param pValue the chance of a statistic at least as extreme where nothing is to be found
public record TestResult(double statistic, double pValue) {}
