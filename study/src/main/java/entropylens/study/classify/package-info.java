/// Telling classes apart by numbers: one way, for all studies that do so, from features and labels
/// to figures with intervals and tests.
///
/// Start reading at [entropylens.study.classify.Classification]: it reads
/// [entropylens.study.classify.Cases] by a [entropylens.study.classify.Scheme] of folds with one of
/// the [entropylens.study.classify.Readers], and gives a [entropylens.study.classify.Reading]; a
/// [entropylens.study.classify.Comparison] holds two of them side by side.
///
/// Knows numbers only, as the room of the statistics does.
@NullMarked
package entropylens.study.classify;

import org.jspecify.annotations.NullMarked;
