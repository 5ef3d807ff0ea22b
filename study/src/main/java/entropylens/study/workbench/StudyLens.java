package entropylens.study.workbench;

import entropylens.lens.Lens;

/// A lens beside the logit lens, through which a model's texts are read.
///
/// @param label what the column `lens` and reports call it
/// @param lens of that model
public record StudyLens(String label, Lens lens) {}
