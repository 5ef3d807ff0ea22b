/// Results as others read them: JSON, CSV, sentences. The command line, an explorer in a browser
/// and a batch job write the same bytes with it. Start reading at
/// [entropylens.result.ProfileResult] (what was measured) and [entropylens.result.ProfileJson] (its
/// stable keys, described in docs/method.md).
///
/// Nothing here knows a terminal, opens a file or prints: whoever calls owns the writer.
@NullMarked
package entropylens.result;

import org.jspecify.annotations.NullMarked;
