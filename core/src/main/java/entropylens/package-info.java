/// The door for programs: [entropylens.EntropyLens] opens a model and profiles texts.
@NullMarked
package entropylens;

import org.jspecify.annotations.NullMarked;
