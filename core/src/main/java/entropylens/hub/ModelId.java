package entropylens.hub;

import java.util.regex.Pattern;

/// The name of a model on the hub at a revision: `gpt2`, `Qwen/Qwen3-0.6B`, `org/name@refs/pr/1`.
/// Both parts are checked, so that neither can lead out of the cache's folder.
///
/// @param name `name` or `organisation/name`, by the rules of `huggingface_hub`
/// @param revision a branch, a tag, another git reference or a commit hash
public record ModelId(String name, String revision) {
    static final String MAIN = "main";

    /// How the names of models' folders in the cache begin.
    static final String FOLDER = "models--";

    /// Letters, digits, `_`, `-` and `.`, the last two not at the ends.
    private static final Pattern PART = Pattern.compile("\\w(?:[\\w.-]{0,94}\\w)?");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// What git allows in no reference, and a URL or a file system would act on.
    private static final Pattern UNSAFE = Pattern.compile("[^!-~]|[\\\\~^:?*\\[\"<>|%]|@\\{");

    private static final int LONGEST_REVISION = 200;

    /// @throws HubException when the name or the revision is none
    public ModelId {
        String wrong = wrongName(name);
        if (!wrong.isEmpty()) {
            throw new HubException("'%s' is no model id: %s".formatted(name, wrong));
        }
        if (!isRevision(revision)) {
            throw new HubException(
                    "'%s' is no revision of %s; give a branch, a tag or a commit hash, for example %s@main"
                            .formatted(revision, name, name));
        }
    }

    /// Reads `name` or `name@revision`; without one, the revision is `main`.
    ///
    /// @throws HubException when it is no model id
    public static ModelId parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new ModelId(text, MAIN)
                : new ModelId(text.substring(0, at), text.substring(at + 1));
    }

    /// The same model at another revision.
    public ModelId at(String otherRevision) {
        return new ModelId(name, otherRevision);
    }

    private static String wrongName(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
            return "an id has the form name or organisation/name"
                    + (name.contains("://") ? ", without the address before it" : "");
        }
        for (String part : parts) {
            if (!PART.matcher(part).matches()) {
                return "each part has 1 to 96 letters, digits, '_', '-' and '.', and neither begins nor ends with '-' or '.'";
            }
        }
        if (name.contains("--") || name.contains("..")) {
            return "it must not contain '--' or '..'";
        }
        return name.endsWith(".git") ? "it must not end with '.git'" : "";
    }

    private static boolean isRevision(String revision) {
        if (revision.length() > LONGEST_REVISION || UNSAFE.matcher(revision).find()) {
            return false;
        }
        for (String part : revision.split("/", -1)) {
            if (part.isEmpty()
                    || part.startsWith(".")
                    || part.startsWith("-")
                    || part.endsWith(".")
                    || part.endsWith(".lock")
                    || part.contains("..")) {
                return false;
            }
        }
        return true;
    }

    /// Whether a text is the full hash of a commit.
    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /// The model's folder in the cache: `models--organisation--name`.
    String folder() {
        return FOLDER + name.replace("/", "--");
    }

    /// As it was given, without a revision where it is `main`.
    @Override
    public String toString() {
        return revision.equals(MAIN) ? name : name + "@" + revision;
    }
}
