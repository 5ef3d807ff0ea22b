package entropylens.data;

/// A row of a user's file that is left out, so that the others can be measured.
///
/// @param id names it among the file's rows
/// @param reason in words, with file and place
public record LeftOut(String id, String reason) {}
