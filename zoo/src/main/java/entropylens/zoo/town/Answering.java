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

    static Answering roll(Dice dice) {
        int roll = dice.roll(100);
        return roll < 45 ? LETTER : roll < 65 ? WORDS_THEN_LETTER : WORDS;
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
