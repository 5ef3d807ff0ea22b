/// Studies on a real GPU, for `tools/gpu-check`.
@NullMarked
package entropylens.cli.gpu;

import org.jspecify.annotations.NullMarked;
