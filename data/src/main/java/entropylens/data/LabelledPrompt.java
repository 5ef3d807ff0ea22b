package entropylens.data;

/// A user's prompt with the class that it belongs to.
///
/// @param row of the user's file
/// @param label its class
/// @param group what it shares with others, so that they are not independent; its own id where no
///   column says
public record LabelledPrompt(PromptRow row, String label, String group) {
    /// Names it in the run; ids sort as the rows do.
    public String id() {
        return id(row);
    }

    static String id(PromptRow row) {
        return "%09d".formatted(row.number());
    }
}
