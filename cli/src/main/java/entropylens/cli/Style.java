package entropylens.cli;

/// Colours, where the output is a terminal that wants them. Blue and orange are told apart by the
/// colour-blind too.
///
/// @param colours whether to use any
/// @param columns of the terminal; many where there is none
record Style(boolean colours, int columns) {
    static final Style PLAIN = new Style(false, Integer.MAX_VALUE);

    /// The launcher says whether standard output is a terminal, and how wide; `NO_COLOR`
    /// (no-color.org) and `FORCE_COLOR` decide otherwise.
    static Style ofTerminal() {
        boolean terminal = Boolean.getBoolean("entropylens.stdout.terminal");
        int columns = Integer.getInteger("entropylens.stdout.columns", 0);
        return new Style(
                !set("NO_COLOR") && (set("FORCE_COLOR") || terminal),
                columns > 0 ? columns : Integer.MAX_VALUE);
    }

    private static boolean set(String variable) {
        String value = System.getenv(variable);
        return value != null && !value.isEmpty();
    }

    String expansion(String text) {
        return paint("38;5;33", text);
    }

    String pruning(String text) {
        return paint("38;5;208", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String strong(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return colours && !text.isBlank() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
