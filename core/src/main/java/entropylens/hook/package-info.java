/// Named places in the forward pass, and what may be attached there: an [entropylens.hook.Observer]
/// reads, an [entropylens.hook.Intervention] changes what a block adds to the stream.
@NullMarked
package entropylens.hook;

import org.jspecify.annotations.NullMarked;
