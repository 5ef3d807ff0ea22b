package entropylens;

import entropylens.lens.ProfileListener;
import entropylens.lens.TextProfile;
import entropylens.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes replies of texts that run beside each other.
final class RepliesWriter implements ProfileListener {
    private final RepliesListener listener;
    private final List<ReplyWriter> writers;
    private final List<@Nullable Reply> replies;

    RepliesWriter(
            Tokenizer tokenizer,
            int count,
            ReplyRequest request,
            Set<Integer> endIds,
            RepliesListener listener) {
        this.listener = listener;
        replies = new ArrayList<@Nullable Reply>(Collections.<@Nullable Reply>nCopies(count, null));
        writers =
                IntStream.range(0, count)
                        .mapToObj(reply ->
                                new ReplyWriter(
                                        tokenizer,
                                        request,
                                        endIds,
                                        (text, tokens) -> listener.written(reply, text, tokens)))
                        .toList();
    }

    @Override
    public void measured(int text, TextProfile part) {
        ReplyWriter writer = writers.get(text);
        try {
            writer.add(part);
        } catch (ReplyWriter.Stopped _) {
            end(text);
            return;
        }
        if (writer.isWhole()) {
            end(text);
        }
    }

    private void end(int text) {
        Reply whole = writers.get(text).end();
        replies.set(text, whole);
        listener.ended(text, whole);
    }

    @Override
    public boolean wantsMore(int text) {
        return replies.get(text) == null;
    }

    /// All of them, when they have ended.
    List<Reply> replies() {
        return replies.stream().<Reply>map(Objects::requireNonNull).toList();
    }
}
