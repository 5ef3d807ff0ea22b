/// Quantised checkpoints: which tensors are codes, and decoders that turn the codes of one output
/// into float32, exactly as each format's reference does. One file for a format.
///
/// Start reading at [Quantisation]. The weights stay in their files; nothing of their size is
/// copied. Which modules are quantised is read from the tensors, since a module's codes can mean
/// only one thing; the configuration says how they are to be read.
@NullMarked
package entropylens.quantised;

import org.jspecify.annotations.NullMarked;
