/// The command line. Start reading at [entropylens.cli.Main], then
/// [entropylens.cli.ProfileCommand].
///
/// Results go to standard output, talk to standard error. Exit codes: 0 done, 1 the work failed, 2
/// the command line is wrong.
@NullMarked
package entropylens.cli;

import org.jspecify.annotations.NullMarked;
