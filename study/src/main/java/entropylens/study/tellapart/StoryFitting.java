package entropylens.study.tellapart;

import entropylens.data.Story;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts stories that are too long for a model's context, so that the longest prompt on a story and
/// the tokens to generate fit. All prompts on a story get the same cut, or else its length would
/// tell the classes apart. The cut is behind the last sentence that fits, or, where that would lose
/// more than half of the words that do, behind a word.
final class StoryFitting {
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern SENTENCE_END = Pattern.compile("\\S*[.!?][\"')\\]”’]*");

    private final Subject subject;
    private final int room;
    private final Asking asking;

    /// Makes all prompts on a story.
    @FunctionalInterface
    interface Asking {
        List<TaskPrompts.Asked> on(String story, int number);
    }

    /// @param tokens to generate
    StoryFitting(Subject subject, int tokens, Asking asking) {
        this.subject = subject;
        this.room = subject.model().config().nCtx() - tokens;
        this.asking = asking;
    }

    /// The prompts on a story, or on as much of it as fits.
    ///
    /// @throws StudyException when not even its first word does
    List<TaskPrompts.Asked> fitted(Story story, int number) {
        List<Integer> ends = wordEnds(story.text());
        // a token is at most a word: more words than this need not be tried
        if (ends.size() <= room && fits(asking.on(story.text(), number))) {
            return asking.on(story.text(), number);
        }
        int words = mostWords(story, number, ends);
        return asking.on(cut(story.text(), ends, words), number);
    }

    private int mostWords(Story story, int number, List<Integer> ends) {
        int fitting = 0;
        int tooMany = Math.min(ends.size(), room + 1);
        while (tooMany - fitting > 1) {
            int tried = (fitting + tooMany) / 2;
            String text = story.text().substring(0, ends.get(tried - 1));
            if (fits(asking.on(text, number))) {
                fitting = tried;
            } else {
                tooMany = tried;
            }
        }
        if (fitting == 0) {
            throw new StudyException(
                    "%s: no word of story %s fits the model's context of %d tokens beside the longest question and %d tokens to generate; use fewer --tokens, or a model of more context"
                            .formatted(
                                    subject.name(),
                                    story.id(),
                                    subject.model().config().nCtx(),
                                    subject.model().config().nCtx() - room));
        }
        return fitting;
    }

    private boolean fits(List<TaskPrompts.Asked> prompts) {
        return prompts.stream().allMatch(asked -> subject.encode(asked.prompt()).length <= room);
    }

    private static List<Integer> wordEnds(String text) {
        List<Integer> ends = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            ends.add(words.end());
        }
        return ends;
    }

    /// The first `words` words, or fewer that end a sentence.
    static String cut(String text, int words) {
        return cut(text, wordEnds(text), words);
    }

    private static String cut(String text, List<Integer> ends, int words) {
        for (int kept = words; 2 * kept >= words && kept > 0; kept--) {
            int from = kept == 1 ? 0 : ends.get(kept - 2);
            String word = text.substring(from, ends.get(kept - 1)).strip();
            if (SENTENCE_END.matcher(word).matches()) {
                return text.substring(0, ends.get(kept - 1));
            }
        }
        return text.substring(0, ends.get(words - 1));
    }
}
