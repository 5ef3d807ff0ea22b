package entropylens.data;

/// A text of the user's.
///
/// @param id the file's own (its column `id`), or else the number of the row, from 1; no two are
///   the same
public record Story(String id, String text) {}
