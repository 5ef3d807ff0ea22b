package entropylens.study.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.hook.Intervention;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import entropylens.study.workbench.ZooSubject;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// On the smallest model of the zoo, against the long way round.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnsweringTest {
    private final ZooSubject zoo = new ZooSubject();
    private final Subject subject = zoo.subject;
    private final Letters letters = Letters.of("small", subject.tokenizer());
    private QuestionSet questions;
    private List<int[]> prompts;

    @BeforeAll
    void prompts() {
        questions = QuestionSet.of(TestSettings.of(Preset.QUICK), 12);
        prompts = questions.prompts(subject, 0);
    }

    @AfterAll
    void close() {
        zoo.close();
    }

    @Test
    void lettersAreReadAtTheLastPositionOfEachPrompt() {
        Model model = subject.model();
        Intervention skipped = Intervention.skip(1, 2);
        double[][] logits = new Answering(subject, letters, skipped).letterLogits(prompts);
        for (int i = 0; i < prompts.size(); i++) {
            int[] ids = prompts.get(i);
            Batch batch = new Batch();
            batch.add(model.newSession(ids.length, skipped), ids);
            float[] stream = model.forward(batch);
            int width = model.config().dModel();
            float[] last = Arrays.copyOfRange(stream, (ids.length - 1) * width, ids.length * width);
            float[] all = subject.unembed().logits(last, 1);
            for (int letter = 0; letter < 4; letter++) {
                int token = letters.tokens()[letter];
                assertThat(subject.tokenizer().token(token)).isEqualTo(" " + "ABCD".charAt(letter));
                assertThat(logits[i][letter]).isCloseTo(all[token], within(1e-4));
            }
        }
    }

    @Test
    void skippingChangesTheAnswers() {
        double[][] intact =
                new Answering(subject, letters, Intervention.NONE).letterLogits(prompts);
        assertThat(new Answering(subject, letters, Intervention.NONE).letterLogits(prompts))
                .isDeepEqualTo(intact);
        double[][] without =
                new Answering(subject, letters, Intervention.skip(1)).letterLogits(prompts);
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(without[i]).isNotEqualTo(intact[i]);
        }
    }

    @Test
    void natsAreThoseOfTheTokensThatFollow() {
        Intervention skipped = Intervention.skip(3);
        double[] nats = new Answering(subject, letters, skipped).nats(prompts);
        ProfileRequest request =
                new ProfileRequest(
                        Positions.PROMPT,
                        skipped,
                        false,
                        ReadoutRequest.ENTROPY.with(
                                Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK));
        for (int i = 0; i < prompts.size(); i++) {
            TextProfile profile = new Profiler(subject.model()).profile(prompts.get(i), request);
            double[] p = profile.readouts().column(Statistic.NEXT_PROBABILITY);
            int layers = profile.layers();
            double expected =
                    IntStream.range(0, prompts.get(i).length - 1)
                            .mapToDouble(row -> -Math.log(p[row * layers + layers - 1]))
                            .sum();
            assertThat(nats[i]).isCloseTo(expected, within(1e-3));
        }
    }

    @Test
    void aLongTextInPiecesIsTheSameText() {
        TreeMap<Integer, float[]> whole = rows(512);
        TreeMap<Integer, float[]> pieces = rows(16);
        assertThat(pieces.keySet()).isEqualTo(whole.keySet());
        whole.forEach((key, row) -> {
            float[] other = pieces.get(key);
            for (int i = 0; i < row.length; i++) {
                assertThat((double) other[i]).isCloseTo(row[i], within(1e-3));
            }
        });
    }

    /// Every row by text and position.
    private TreeMap<Integer, float[]> rows(int maxRows) {
        TreeMap<Integer, float[]> rows = new TreeMap<>();
        int width = subject.model().config().dModel();
        new Prefill(subject.model(), Intervention.NONE, maxRows)
                .run(
                        prompts.subList(0, 4),
                        (text, position, stream, row, count) -> {
                            for (int i = 0; i < count; i++) {
                                float[] copy =
                                        Arrays.copyOfRange(
                                                stream, (row + i) * width, (row + i + 1) * width);
                                assertThat(rows.put(1000 * text + position + i, copy)).isNull();
                            }
                        });
        return rows;
    }

    @Test
    void aPromptBeyondTheContextNamesTheQuestion() {
        QuestionSet shots = QuestionSet.of(TestSettings.withShots(20), 4);
        assertThatThrownBy(() -> shots.prompts(subject, 0))
                .isInstanceOf(StudyException.class)
                .hasMessageMatching(
                        "question 'knowledge-0' takes \\d+ tokens with 20 shots, but the context of small holds 256; use fewer --shots");
        assertThatThrownBy(() -> questions.prompts(subject, 250))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("and 250 generated ones");
    }
}
