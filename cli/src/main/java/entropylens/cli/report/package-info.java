/// What a study reports, for people and programs: `report.json`, `report.html` (one file that holds
/// everything and asks no network), and single charts as pictures. Start reading at
/// [entropylens.cli.report.ReportPage]; the page's own scripts and styles are resources of this
/// package.
@NullMarked
package entropylens.cli.report;

import org.jspecify.annotations.NullMarked;
