package entropylens.study.workbench;

import entropylens.batch.BatchSettings.Measured;
import entropylens.data.LabelledColumns;
import entropylens.data.Prompts;
import java.util.List;

/// A user's prompts, each with a label.
///
/// @param files in the order in which they are read
/// @param columns what they hold
/// @param measured which positions of a text
public record OwnPrompts(List<Prompts.Source> files, LabelledColumns columns, Measured measured) {
    public OwnPrompts {
        files = List.copyOf(files);
    }
}
