package entropylens.translators;

/// Texts are longer than a fit has memory for; fewer tokens of each would do.
public final class TextsTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    TextsTooLongException(String message) {
        super(message);
    }
}
