/// A claim of the paper's second version: the profile of what follows a question tells right
/// answers from wrong ones. Start reading at [entropylens.study.correctness.Correctness].
@NullMarked
package entropylens.study.correctness;

import org.jspecify.annotations.NullMarked;
