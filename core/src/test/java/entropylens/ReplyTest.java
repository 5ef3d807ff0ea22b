package entropylens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.family.LoadOptions;
import entropylens.lens.Prompt;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.HeldSessions;
import entropylens.model.Progress;
import entropylens.model.Sampling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final String PROMPT = "Write a poem about the baker.";
    private static EntropyLens lens;

    @BeforeAll
    static void open() {
        lens = EntropyLens.open(Path.of("../zoo/models/tinytown-llama-4"), LoadOptions.NONE, 1);
    }

    @AfterAll
    static void close() {
        lens.close();
    }

    private static Reply reply(ReplyRequest request) {
        return lens.reply(lens.encode(PROMPT), request);
    }

    @Test
    void itsTokensHaveTheNumbersOfAProfile() {
        Reply reply = reply(new ReplyRequest(12, new Sampling(0.7, 1, 5), List.of(), 3));
        TextProfile expected =
                lens.profile(
                        PROMPT,
                        ask ->
                                ask.tokens(12)
                                        .sampling(new Sampling(0.7, 1, 5))
                                        .topK(3)
                                        .with(Statistic.NEXT_PROBABILITY));
        assertThat(reply.tokens().stream().mapToInt(ReplyToken::id).toArray())
                .isEqualTo(expected.generatedIds());
        for (int row = 0; row < 12; row++) {
            ReplyToken token = reply.tokens().get(row);
            assertThat(token.entropy()).isEqualTo(expected.profile().entropy()[row]);
            double probability = expected.table(Statistic.NEXT_PROBABILITY)[row][3];
            assertThat(Math.exp(token.logProbability())).isCloseTo(probability, within(1e-15));
            assertThat(token.topIds()).isEqualTo(expected.topIds()[row][3]);
        }
        assertThat(reply.ended()).isEqualTo(Reply.Ended.TOKENS);
        assertThat(reply.generated()).isEqualTo(12);
    }

    @Test
    void theBytesOfItsTokensAreItsText() {
        Reply reply = reply(ReplyRequest.of(40, Sampling.GREEDY));
        var tokenizer = lens.tokenizer().orElseThrow();
        StringBuilder text = new StringBuilder();
        for (ReplyToken token : reply.tokens()) {
            assertThat(token.offset()).isEqualTo(text.length());
            text.append(new String(tokenizer.bytes(token.id()), StandardCharsets.UTF_8));
        }
        assertThat(text.toString()).isEqualTo(reply.text());
    }

    @Test
    void aStopEndsItAndNothingBehindIsComputed() {
        Reply whole = reply(ReplyRequest.of(40, Sampling.GREEDY));
        String stop = whole.text().substring(20, 24);
        int at = whole.text().indexOf(stop);
        List<String> told = new ArrayList<>();
        List<ReplyToken> tokens = new ArrayList<>();
        Reply reply =
                lens.reply(
                        lens.encode(PROMPT),
                        new ReplyRequest(40, Sampling.GREEDY, List.of("nowhere", stop), 0),
                        new HeldSessions(1, 1 << 20),
                        (text, some) -> {
                            told.add(text);
                            tokens.addAll(some);
                        });
        assertThat(reply.ended()).isEqualTo(Reply.Ended.STOP);
        assertThat(reply.text()).isEqualTo(whole.text().substring(0, at));
        assertThat(String.join("", told)).isEqualTo(reply.text());
        assertThat(tokens).isEqualTo(reply.tokens());
        assertThat(reply.tokens()).allMatch(token -> token.offset() < at);
        assertThat(reply.generated()).isBetween(reply.tokens().size(), 39);
    }

    @Test
    void theModelEndsItsText() {
        // a poem of this model has fewer tokens
        Reply reply = reply(ReplyRequest.of(200, Sampling.GREEDY));
        assertThat(reply.ended()).isEqualTo(Reply.Ended.END_TOKEN);
        assertThat(reply.generated()).isEqualTo(reply.tokens().size() + 1);
    }

    @Test
    void aListenerStopsIt() {
        List<String> told = new ArrayList<>();
        assertThatThrownBy(() ->
                        lens.reply(
                                lens.encode(PROMPT),
                                ReplyRequest.of(40, Sampling.GREEDY),
                                new HeldSessions(0, 0),
                                (text, _) -> {
                                    told.add(text);
                                    throw new CancellationException();
                                }))
                .isInstanceOf(CancellationException.class);
        assertThat(told).hasSize(1);
    }

    @Test
    void aSequenceAloneDrawsWhatItDrawsAmongOthers() {
        Sampling sampling = new Sampling(1, 0.9, 11);
        List<TextProfile> samples =
                lens.profile(
                        Collections.nCopies(3, lens.encode(PROMPT)),
                        lens.request(ask -> ask.tokens(8).sampling(sampling)),
                        3,
                        Progress.NONE);
        for (int i = 0; i < 3; i++) {
            Reply reply = reply(ReplyRequest.of(8, sampling.ofSequence(i)));
            assertThat(reply.tokens().stream().mapToInt(ReplyToken::id).toArray())
                    .isEqualTo(samples.get(i).generatedIds());
        }
    }

    @Test
    void anEmptyStopIsRefused() {
        assertThatThrownBy(() -> new ReplyRequest(1, Sampling.GREEDY, List.of(""), 0))
                .hasMessageContaining("a stop must be some text");
    }

    private static List<Prompt> prompts(int... draws) {
        return Arrays.stream(draws).mapToObj(draw -> Prompt.of(lens.encode(PROMPT), draw)).toList();
    }

    @Test
    void severalBesideEachOtherHaveTheNumbersOfSamples() {
        Sampling sampling = new Sampling(0.9, 1, 4);
        List<String> told = new ArrayList<>(List.of("", "", ""));
        List<Integer> ended = new ArrayList<>();
        List<Reply> replies =
                lens.replies(
                        prompts(0, 1, 2),
                        ReplyRequest.of(10, sampling),
                        new RepliesListener() {
                            @Override
                            public void written(int reply, String text, List<ReplyToken> tokens) {
                                told.set(reply, told.get(reply) + text);
                            }

                            @Override
                            public void ended(int reply, Reply whole) {
                                ended.add(reply);
                            }
                        });
        List<TextProfile> samples =
                lens.profile(
                        Collections.nCopies(3, lens.encode(PROMPT)),
                        lens.request(ask -> ask.tokens(10).sampling(sampling)),
                        3,
                        Progress.NONE);
        for (int i = 0; i < 3; i++) {
            List<ReplyToken> tokens = replies.get(i).tokens();
            assertThat(tokens.stream().mapToInt(ReplyToken::id).toArray())
                    .isEqualTo(samples.get(i).generatedIds());
            for (int row = 0; row < 10; row++) {
                assertThat(tokens.get(row).entropy())
                        .isEqualTo(samples.get(i).profile().entropy()[row]);
            }
        }
        assertThat(told)
                .isEqualTo(replies.stream().map(Reply::text).toList())
                .doesNotHaveDuplicates();
        assertThat(ended).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void oneOfSeveralStopsAndTheOthersGoOn() {
        Sampling sampling = new Sampling(0.9, 1, 4);
        List<Reply> whole =
                lens.replies(prompts(0, 1), ReplyRequest.of(16, sampling), (_, _, _) -> {});
        String stop = whole.getFirst().text().substring(8, 13);
        assertThat(whole.getLast().text()).doesNotContain(stop);
        List<Reply> stopped =
                lens.replies(
                        prompts(0, 1),
                        new ReplyRequest(16, sampling, List.of(stop), 0),
                        (_, _, _) -> {});
        assertThat(stopped.getFirst().ended()).isEqualTo(Reply.Ended.STOP);
        assertThat(stopped.getFirst().generated()).isLessThan(16);
        assertThat(whole.getFirst().text()).startsWith(stopped.getFirst().text() + stop);
        assertThat(stopped.getLast().text()).isEqualTo(whole.getLast().text());
    }
}
