package entropylens.jinja;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/// Python's `strftime` in the C locale, on Linux.
final class Strftime {
    private Strftime() {}

    static String format(LocalDateTime now, String format) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char c = format.charAt(at);
            if (c != '%') {
                out.append(c);
                continue;
            }
            boolean bare = format.startsWith("-", at + 1);
            int code = at + (bare ? 2 : 1);
            if (code >= format.length()) {
                throw Fault.unsupported("strftime: '%' at the end");
            }
            String field = field(now, format.charAt(code));
            out.append(bare ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
            at = code;
        }
        return out.toString();
    }

    private static String field(LocalDateTime now, char code) {
        return switch (code) {
            case 'Y' -> "%d".formatted(now.getYear());
            case 'y' -> "%02d".formatted(now.getYear() % 100);
            case 'm' -> "%02d".formatted(now.getMonthValue());
            case 'd' -> "%02d".formatted(now.getDayOfMonth());
            case 'e' -> "%2d".formatted(now.getDayOfMonth());
            case 'j' -> "%03d".formatted(now.getDayOfYear());
            case 'H' -> "%02d".formatted(now.getHour());
            case 'I' -> "%02d".formatted((now.getHour() + 11) % 12 + 1);
            case 'M' -> "%02d".formatted(now.getMinute());
            case 'S' -> "%02d".formatted(now.getSecond());
            case 'f' -> "%06d".formatted(now.getNano() / 1000);
            case 'p' -> now.getHour() < 12 ? "AM" : "PM";
            case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' ->
                    now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' ->
                    now.getDayOfWeek()
                            .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                            .substring(0, 3);
            case 'u' -> "%d".formatted(now.getDayOfWeek().getValue());
            case 'w' -> "%d".formatted(now.getDayOfWeek().getValue() % 7);
            case 'F' -> format(now, "%Y-%m-%d");
            case 'T' -> format(now, "%H:%M:%S");
            case 'R' -> format(now, "%H:%M");
            case 'D', 'x' -> format(now, "%m/%d/%y");
            case 'X' -> format(now, "%H:%M:%S");
            case 'c' -> format(now, "%a %b %e %H:%M:%S %Y");
            case 'Z', 'z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> throw Fault.unsupported("strftime: '%" + code + "'");
        };
    }
}
