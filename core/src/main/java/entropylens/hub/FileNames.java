package entropylens.hub;

import java.util.regex.Pattern;

/// Names of a model's files, which come from outside.
public final class FileNames {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\u2028\\u2029\\\\]");
    private static final Pattern DRIVE = Pattern.compile("^[A-Za-z]:.*");
    private static final int LONGEST_NAME = 1000;

    private FileNames() {}

    /// Whether a name from outside could mean anything but a file in or below a folder.
    public static boolean isHostile(String name) {
        if (name.isEmpty()
                || name.length() > LONGEST_NAME
                || UNPRINTABLE.matcher(name).find()
                || DRIVE.matcher(name).matches()) {
            return true;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
