package entropylens.data;

/// Pieces of a user's file in messages.
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /// On one line, and not too long.
    static String of(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        if (line.length() <= LONGEST) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return line.substring(0, end) + "…";
    }
}
