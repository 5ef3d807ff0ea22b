/// The paper's claims as studies: what each measures on a model, and what its measurements say.
/// Start reading at [entropylens.study.StudyRun], then at [entropylens.study.workbench.Study]; the
/// studies themselves are the rooms beside it.
@NullMarked
package entropylens.study;

import org.jspecify.annotations.NullMarked;
