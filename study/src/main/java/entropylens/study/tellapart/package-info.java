/// Claim (iii): profiles tell apart what a text was asked for, in two studies: task types and
/// output formats. Start reading at [entropylens.study.tellapart.Tasks] and
/// [entropylens.study.tellapart.Formats]; what begins with Class is the same in both.
@NullMarked
package entropylens.study.tellapart;

import org.jspecify.annotations.NullMarked;
