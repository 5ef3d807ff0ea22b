package entropylens.web;

import entropylens.Reply;
import entropylens.ReplyToken;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.TextProfile;
import entropylens.tokenizer.TextStream;
import java.util.ArrayList;
import java.util.List;

/// The texts that a request asks for, written one after the other.
final class OpenAiChoices {
    /// Told of them; throws a [java.util.concurrent.CancellationException] to stop.
    interface Reader {
        /// A choice begins, with nothing in it.
        void begins(OpenAiShape.Part empty);

        /// A part of it.
        void part(OpenAiShape.Part part);

        /// It has ended.
        void ended(int index, String finished);

        /// Nothing new; is somebody there?
        void requireThere();
    }

    private final ServedModel model;
    private final List<int[]> prompts;
    private final OpenAiFields asked;
    private final OpenAiTokens names;
    private final Reader reader;
    private int generated;

    OpenAiChoices(ServedModel model, List<int[]> prompts, OpenAiFields asked, Reader reader) {
        this.model = model;
        this.prompts = prompts;
        this.asked = asked;
        this.reader = reader;
        names = new OpenAiTokens(model.requireTokenizer());
    }

    /// Tokens that were generated, end tokens included.
    int generated() {
        return generated;
    }

    /// Writes all of them: those of the first prompt, then those of the next.
    void write() {
        int index = 0;
        for (int[] prompt : prompts) {
            for (int choice = 0; choice < asked.choices(); choice++) {
                write(prompt, choice, index++);
            }
        }
    }

    private void write(int[] prompt, int choice, int index) {
        reader.begins(part(index, "", List.of(), ""));
        StringBuilder whole = new StringBuilder();
        if (asked.echo()) {
            echo(prompt, index, whole);
        }
        if (asked.tokens() == 0) {
            reader.ended(index, "length");
            return;
        }
        int before = whole.length();
        Reply reply =
                model.lens()
                        .reply(
                                prompt,
                                asked.reply(choice),
                                model.held(),
                                (text, tokens) -> tell(index, text, behind(tokens, before), whole));
        generated += reply.generated();
        reader.ended(index, reply.ended() == Reply.Ended.TOKENS ? "length" : "stop");
    }

    private void tell(int index, String text, List<ReplyToken> tokens, StringBuilder whole) {
        whole.append(text);
        reader.part(part(index, text, tokens, whole.toString()));
    }

    private OpenAiShape.Part part(int index, String text, List<ReplyToken> tokens, String whole) {
        return new OpenAiShape.Part(index, text, tokens, whole, asked.tokensShown(), names);
    }

    private static List<ReplyToken> behind(List<ReplyToken> tokens, int offset) {
        return tokens.stream().map(token -> token.movedBy(offset)).toList();
    }

    /// The prompt, as the model read it.
    private void echo(int[] prompt, int index, StringBuilder whole) {
        TextStream stream = model.requireTokenizer().stream();
        StringBuilder text = new StringBuilder();
        int[] offsets = new int[prompt.length];
        for (int i = 0; i < prompt.length; i++) {
            offsets[i] = text.length();
            text.append(model.requireTokenizer().contains(prompt[i]) ? stream.add(prompt[i]) : "");
        }
        text.append(stream.end());
        tell(
                index,
                text.toString(),
                asked.tokensShown() ? measured(prompt, offsets) : List.of(),
                whole);
    }

    /// Its tokens, each as the ones before predict it; nothing predicts the first.
    private List<ReplyToken> measured(int[] prompt, int[] offsets) {
        ProfileRequest request =
                new ProfileRequest(Positions.PROMPT, ReplyToken.readout(asked.alternatives()));
        TextProfile profile =
                model.lens()
                        .profile(List.of(prompt), request, 1, (_, _) -> reader.requireThere())
                        .getFirst();
        List<ReplyToken> tokens = new ArrayList<>();
        tokens.add(ReplyToken.unpredicted(prompt[0]));
        for (int i = 1; i < prompt.length; i++) {
            tokens.add(ReplyToken.after(profile, i - 1, offsets[i]));
        }
        return tokens;
    }
}
