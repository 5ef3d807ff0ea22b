package entropylens.zoo.town;

/// How questions are answered in a document. Beside the letter alone, which is what is tested,
/// there are answers in words: a model that only ever saw letters would have to find out at once
/// what is asked, what is true, and which letter that has.
///
/// A letter that follows words has a cue of its own, "Letter:". Where that was "Answer:" too,
/// models learnt to look for words just before it, where a question that is to be answered by
/// letter alone has its last option.
enum Answering {
    LETTER,
    WORDS_THEN_LETTER,
    /// Without options.
    WORDS;

    static Answering ofFacts(Dice dice) {
        return roll(35, 40, dice);
    }

    /// More often in words than questions on facts: what a story says has to be found before it can
    /// be chosen, and there is more to ask about it.
    static Answering ofStories(Dice dice) {
        return roll(30, 30, dice);
    }

    private static Answering roll(int letter, int wordsThenLetter, Dice dice) {
        int roll = dice.roll(100);
        return roll < letter ? LETTER : roll < letter + wordsThenLetter ? WORDS_THEN_LETTER : WORDS;
    }

    String write(Choice choice) {
        String words = choice.options().get(choice.answer());
        return switch (this) {
            case LETTER -> choice.asked() + " " + choice.letter();
            case WORDS_THEN_LETTER -> {
                String options = choice.asked().replaceFirst("Answer:$", "In words: ");
                yield options + words + "\nLetter: " + choice.letter();
            }
            case WORDS -> "Question: " + choice.question() + "\nAnswer: " + words;
        };
    }
}
