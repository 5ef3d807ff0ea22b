package entropylens.study.tellapart;

/// How a question and its story stand in a prompt.
enum TaskVariant {
    AFTER("question after", false, false),
    BEFORE("question before", true, false),
    SCRAMBLED_AFTER("scrambled story, question after", false, true),
    SCRAMBLED_BEFORE("scrambled story, question before", true, true);

    private final String words;
    private final boolean questionFirst;
    private final boolean scrambled;

    TaskVariant(String words, boolean questionFirst, boolean scrambled) {
        this.words = words;
        this.questionFirst = questionFirst;
        this.scrambled = scrambled;
    }

    String words() {
        return words;
    }

    boolean questionFirst() {
        return questionFirst;
    }

    boolean scrambled() {
        return scrambled;
    }
}
