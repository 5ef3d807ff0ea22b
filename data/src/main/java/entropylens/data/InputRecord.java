package entropylens.data;

import tools.jackson.databind.node.ObjectNode;

/// A row of a user's file: its values by column. Cells of a CSV file are text.
///
/// @param number of the row, from 1
/// @param where the row is, for messages: "line 5", "row 5 (line 7)"
record InputRecord(long number, String where, ObjectNode values) {}
