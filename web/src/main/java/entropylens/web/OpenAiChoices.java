package entropylens.web;

import entropylens.RepliesListener;
import entropylens.Reply;
import entropylens.ReplyToken;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Prompt;
import entropylens.lens.TextProfile;
import entropylens.tokenizer.TextStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The texts that a request asks for, written beside each other.
final class OpenAiChoices {
    /// Told of them; throws a [java.util.concurrent.CancellationException] to stop.
    interface Reader {
        /// A choice begins, with nothing in it.
        void begins(OpenAiShape.Part empty);

        /// A part of it; parts of other choices may come before its next one.
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
    private final List<Choice> choices = new ArrayList<>();
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

    /// Writes all of them: those of the first prompt have the first indices, then those of the
    /// next.
    void write() {
        for (int[] prompt : prompts) {
            for (int draw = 0; draw < asked.choices(); draw++) {
                Choice choice = new Choice(choices.size(), Prompt.of(prompt, draw));
                choices.add(choice);
                choice.tell("", List.of(), reader::begins);
            }
        }
        if (asked.echo()) {
            echo();
        }
        if (asked.tokens() == 0) {
            choices.forEach(choice -> reader.ended(choice.index, "length"));
        } else if (choices.size() == 1) {
            writeOne(choices.getFirst());
        } else {
            writeAll();
        }
    }

    /// One text goes on from where an earlier one was that begins alike.
    private void writeOne(Choice choice) {
        Reply reply =
                model.lens().reply(choice.prompt.ids(), asked.reply(), model.held(), choice::write);
        choice.end(reply);
    }

    private void writeAll() {
        RepliesListener listener =
                new RepliesListener() {
                    @Override
                    public void written(int reply, String text, List<ReplyToken> tokens) {
                        choices.get(reply).write(text, tokens);
                    }

                    @Override
                    public void ended(int reply, Reply whole) {
                        choices.get(reply).end(whole);
                    }
                };
        model.lens()
                .replies(
                        choices.stream().map(choice -> choice.prompt).toList(),
                        asked.reply(),
                        listener);
    }

    /// Each prompt, as the model read it, at the beginning of its choices.
    private void echo() {
        for (int i = 0; i < prompts.size(); i++) {
            int[] prompt = prompts.get(i);
            TextStream stream = model.requireTokenizer().stream();
            StringBuilder text = new StringBuilder();
            int[] offsets = new int[prompt.length];
            for (int at = 0; at < prompt.length; at++) {
                offsets[at] = text.length();
                boolean known = model.requireTokenizer().contains(prompt[at]);
                text.append(known ? stream.add(prompt[at]) : "");
            }
            text.append(stream.end());
            List<ReplyToken> tokens = asked.tokensShown() ? measured(prompt, offsets) : List.of();
            choices.subList(i * asked.choices(), (i + 1) * asked.choices())
                    .forEach(choice -> choice.echo(text.toString(), tokens));
        }
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

    /// One text, as far as it is told.
    private final class Choice {
        private final int index;
        private final Prompt prompt;
        private int echoed;
        private OpenAiShape.Place told = OpenAiShape.Place.BEGIN;

        Choice(int index, Prompt prompt) {
            this.index = index;
            this.prompt = prompt;
        }

        void echo(String text, List<ReplyToken> tokens) {
            tell(text, tokens, reader::part);
            echoed = text.length();
        }

        void write(String text, List<ReplyToken> tokens) {
            tell(text, tokens.stream().map(token -> token.movedBy(echoed)).toList(), reader::part);
        }

        void tell(String text, List<ReplyToken> tokens, Consumer<OpenAiShape.Part> to) {
            to.accept(new OpenAiShape.Part(index, text, tokens, told, asked.tokensShown(), names));
            told = told.after(text);
        }

        void end(Reply reply) {
            generated += reply.generated();
            reader.ended(index, reply.ended() == Reply.Ended.TOKENS ? "length" : "stop");
        }
    }
}
