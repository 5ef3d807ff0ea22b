/// Many prompts of a user's through a model, kept unit by unit in the directory of a run: what the
/// command `batch` does, and anything that schedules such work elsewhere.
@NullMarked
package entropylens.batch;

import org.jspecify.annotations.NullMarked;
