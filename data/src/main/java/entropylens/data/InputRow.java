package entropylens.data;

/// A row of a user's file that was given to a batch.
///
/// @param inputId names it in the run
/// @param file it stands in
/// @param place in that file: "line 5"
/// @param columns all its values, a JSON object
public record InputRow(String inputId, String file, String place, String columns) {}
