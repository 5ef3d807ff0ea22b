package entropylens.study.report;

import java.util.List;

/// What one study reports.
///
/// @param id the study's name
/// @param title what it asks
/// @param protocol how it was measured, a paragraph each, with departures from the paper
/// @param charts in the order in which they are to be looked at
/// @param tables after the charts
/// @param notes what a careful reader should know
public record Section(
        String id,
        String title,
        List<String> protocol,
        List<Chart> charts,
        List<Table> tables,
        List<String> notes) {
    public Section {
        protocol = List.copyOf(protocol);
        charts = List.copyOf(charts);
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }
}
