/// Products by oneDNN on processors that multiply bfloat16 in hardware. Found by `--backend
/// onednn`; nothing here is loaded unless it is asked for.
///
/// Start reading at [OneDnnBackend]. [OneDnn] is the library, [LibraryFiles] where it comes from.
@NullMarked
package entropylens.onednn;

import org.jspecify.annotations.NullMarked;
