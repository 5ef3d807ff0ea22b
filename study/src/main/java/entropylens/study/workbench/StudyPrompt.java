package entropylens.study.workbench;

import entropylens.chat.ChatForm;
import entropylens.data.WrittenPrompt;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A prompt to profile, and what is known of it.
///
/// @param textId names it within a study; ids sort in the order of the prompts
/// @param groupId what it shares with others, so that they are not split between folds
/// @param label its class
/// @param variant of the prompt
/// @param wording of the instruction
/// @param text as read by people; null where the prompt is ids
/// @param ids what the model is given
/// @param answer tokens that follow it, where those are measured; otherwise empty
/// @param written by a chat template; null where the prompt is given as it is
public record StudyPrompt(
        String textId,
        @Nullable String groupId,
        @Nullable String label,
        @Nullable String variant,
        @Nullable String wording,
        @Nullable String text,
        int[] ids,
        int[] answer,
        @Nullable WrittenPrompt written) {
    /// A prompt that is given as it is, without an answer.
    public StudyPrompt(
            String textId,
            @Nullable String groupId,
            @Nullable String label,
            @Nullable String variant,
            @Nullable String wording,
            @Nullable String text,
            int[] ids) {
        this(textId, groupId, label, variant, wording, text, ids, new int[0], null);
    }

    /// A prompt of text, asked of a model: as it is, or in the model's chat template.
    public static StudyPrompt asked(
            Subject subject,
            String textId,
            @Nullable String groupId,
            @Nullable String label,
            @Nullable String variant,
            @Nullable String wording,
            String text) {
        WrittenPrompt written = subject.chat().map(form -> written(form, text)).orElse(null);
        int[] ids = subject.encode(text);
        return new StudyPrompt(
                textId, groupId, label, variant, wording, text, ids, new int[0], written);
    }

    private static WrittenPrompt written(ChatForm form, String text) {
        return new WrittenPrompt(form.template().sha256(), form.system(), form.write(text));
    }

    /// The same prompt, with an answer.
    public StudyPrompt answered(int[] tokens) {
        return new StudyPrompt(
                textId, groupId, label, variant, wording, text, ids, tokens, written);
    }

    /// An id that sorts as its number does.
    public static String id(int number) {
        return "%06d".formatted(number);
    }

    /// Prompts that are the begin token alone, all of them alike: what differs is what is drawn.
    /// The published code gives the begin token as a text, before which its library sets it once
    /// more.
    ///
    /// @throws StudyException when the model has none
    public static List<StudyPrompt> ofBeginToken(
            Subject subject, int count, StudySettings settings) {
        int token = subject.begin();
        int[] begin = settings.has(Flaw.BEGIN_TWICE) ? new int[] {token, token} : new int[] {token};
        return IntStream.range(0, count)
                .mapToObj(StudyPrompt::id)
                .map(id -> new StudyPrompt(id, id, null, null, null, null, begin))
                .toList();
    }
}
