package entropylens.study.workbench;

/// A study cannot be done with what was given; the message says what to do.
public final class StudyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StudyException(String message) {
        super(message);
    }
}
