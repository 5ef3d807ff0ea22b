/// What a study reports: verdicts, and sections of charts and tables that say what was measured.
/// Plain data: how it is shown is the business of whoever shows it.
@NullMarked
package entropylens.study.report;

import org.jspecify.annotations.NullMarked;
