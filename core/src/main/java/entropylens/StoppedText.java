package entropylens;

import java.util.List;

/// Text that grows until a stop stands in it. What may be the beginning of a stop is held back.
final class StoppedText {
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    private int released;
    private boolean stopped;

    /// @param stops none of them empty
    StoppedText(List<String> stops) {
        this.stops = stops;
    }

    /// Characters so far, those held back included.
    int length() {
        return text.length();
    }

    /// Where the text that is final ends.
    int released() {
        return released;
    }

    boolean stopped() {
        return stopped;
    }

    /// Adds a piece.
    ///
    /// @return what became final with it
    String add(String piece) {
        text.append(piece);
        int cut = firstStop();
        if (cut >= 0) {
            stopped = true;
            text.setLength(cut);
            return release(cut);
        }
        return release(text.length() - held());
    }

    /// Where the stop begins that is whole first, the longest of several; so nothing depends on how
    /// the text is cut into pieces.
    ///
    /// @return -1 where there is none
    private int firstStop() {
        int begin = -1;
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = text.indexOf(stop, released);
            int until = at + stop.length();
            if (at >= 0 && (until < end || until == end && at < begin)) {
                begin = at;
                end = until;
            }
        }
        return begin;
    }

    /// What was held back, for no stop follows any more.
    String end() {
        return release(text.length());
    }

    private String release(int end) {
        String piece = text.substring(released, end);
        released = end;
        return piece;
    }

    /// Characters at the end that may be the beginning of a stop: the most of any.
    private int held() {
        int most = 0;
        for (String stop : stops) {
            int longest = Math.min(stop.length() - 1, text.length() - released);
            for (int count = longest; count > most; count--) {
                if (stop.startsWith(text.substring(text.length() - count))) {
                    most = count;
                }
            }
        }
        return most;
    }
}
