/// Claim (ii): profiles are specific to a family of models, whatever their depth. Start reading at
/// [entropylens.study.families.Families].
@NullMarked
package entropylens.study.families;

import org.jspecify.annotations.NullMarked;
