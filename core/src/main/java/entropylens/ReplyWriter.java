package entropylens;

import entropylens.lens.TextProfile;
import entropylens.tokenizer.TextStream;
import entropylens.tokenizer.Tokenizer;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

/// Makes a reply of the positions of a text, as they are measured.
final class ReplyWriter {
    private final Tokenizer tokenizer;
    private final Set<Integer> endIds;
    private final int tokens;
    private final ReplyListener listener;
    private final TextStream stream;
    private final StoppedText text;

    /// Whose text is not final yet.
    private final List<ReplyToken> held = new ArrayList<>();

    private final List<ReplyToken> written = new ArrayList<>();
    private final StringBuilder released = new StringBuilder();
    private int generated;
    private boolean endToken;

    /// The text has come to a stop; nothing more need be computed.
    static final class Stopped extends CancellationException {
        @Serial private static final long serialVersionUID = 1;
    }

    ReplyWriter(
            Tokenizer tokenizer,
            ReplyRequest request,
            Set<Integer> endIds,
            ReplyListener listener) {
        this.tokenizer = tokenizer;
        this.endIds = endIds;
        this.tokens = request.tokens();
        this.listener = listener;
        stream = tokenizer.stream();
        text = new StoppedText(request.stops());
    }

    /// Adds the tokens that are predicted at some positions.
    ///
    /// @throws Stopped when the text ends with them
    void add(TextProfile part) {
        for (int row = 0; row < part.positions(); row++) {
            add(part, row);
        }
    }

    /// Whether nothing more comes: the model ended the text, or it has its tokens.
    boolean isWhole() {
        return endToken || generated == tokens;
    }

    private void add(TextProfile part, int row) {
        int id = part.next(row).orElseThrow();
        generated++;
        if (endIds.contains(id)) {
            endToken = true;
            return;
        }
        held.add(ReplyToken.after(part, row, text.length()));
        // the unembedding may have more rows than the vocabulary has entries
        release(text.add(tokenizer.contains(id) ? stream.add(id) : ""));
        if (text.stopped()) {
            throw new Stopped();
        }
    }

    /// Tells of text, and of the tokens whose text begins before its end.
    private void release(String piece) {
        List<ReplyToken> now =
                held.stream().filter(token -> token.offset() < text.released()).toList();
        held.removeAll(now);
        tell(piece, now);
    }

    private void tell(String piece, List<ReplyToken> tokens) {
        if (!piece.isEmpty() || !tokens.isEmpty()) {
            released.append(piece);
            written.addAll(tokens);
            listener.written(piece, tokens);
        }
    }

    /// The whole, when nothing more comes.
    Reply end() {
        Reply.Ended ended = Reply.Ended.STOP;
        if (!text.stopped()) {
            ended = endToken ? Reply.Ended.END_TOKEN : Reply.Ended.TOKENS;
            String last = text.add(stream.end());
            boolean stops = text.stopped();
            if (stops) {
                ended = Reply.Ended.STOP;
                release(last);
            } else {
                tell(last + text.end(), List.copyOf(held));
            }
        }
        return new Reply(released.toString(), written, ended, generated);
    }
}
