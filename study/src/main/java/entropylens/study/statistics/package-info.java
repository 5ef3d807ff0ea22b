/// What the studies calculate with: correlation, resampling, classifiers with their folds and
/// scores, paired tests, distances between profiles, and maps of them.
///
/// Start reading at [entropylens.study.statistics.LabelledData] and
/// [entropylens.study.statistics.Learner]: what can be learnt from, and who learns;
/// [entropylens.study.statistics.CrossValidation] brings them together on
/// [entropylens.study.statistics.Folds].
///
/// Shared rules:
///
/// - Whatever is drawn is drawn from a seed; the same seed gives the same result on every machine.
/// - Nothing returns NaN. Input that is not finite, of another length or too small is an
///   `IllegalArgumentException` that says what was found; where valid input has no answer (the
///   correlation with a constant), the result is empty.
/// - Labels are `0 .. classes - 1`. A group is any number: a story, a topic, a model.
/// - Arrays that come in are not changed. Data sets and fitted classifiers keep them without a
///   copy, so whoever made an array leaves it alone from then on.
///
/// Where a function exists in scikit-learn or SciPy it agrees with it to the bounds in this
/// package's tests.
@NullMarked
package entropylens.study.statistics;

import org.jspecify.annotations.NullMarked;
