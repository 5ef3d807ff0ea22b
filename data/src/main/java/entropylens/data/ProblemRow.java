package entropylens.data;

/// A row of a user's file that a model could not measure.
///
/// @param inputId names it in the run
/// @param reason in words, with file and place
public record ProblemRow(String model, String inputId, String reason) {}
