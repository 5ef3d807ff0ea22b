/// Texts and questions in, results out.
///
/// - [entropylens.data.Stories] and [entropylens.data.Questions] read what a user has: JSON, CSV,
///   Parquet, plain text. Nothing in a file is believed; what is wrong is named with its row and
///   column.
/// - [entropylens.data.Store] keeps what a run finds, unit of work by unit of work, in a directory.
///   A unit is there wholly or not at all, whenever the program is killed.
/// - [entropylens.data.Results] reads it back, and [entropylens.data.Query] answers SQL about it.
///
/// Bad input, and a directory or disk that cannot be used, is a [entropylens.data.DataException],
/// whose message is one line for the user. Everything else that is thrown from here is a defect of
/// this program, or of the one that calls it.
@NullMarked
package entropylens.data;

import org.jspecify.annotations.NullMarked;
