/// What all studies share: what a study is, the model and the settings it works with, how it
/// measures and reads back, and the means and intervals that it speaks of. Start reading at
/// [entropylens.study.workbench.Study] and [entropylens.study.workbench.Workbench].
@NullMarked
package entropylens.study.workbench;

import org.jspecify.annotations.NullMarked;
