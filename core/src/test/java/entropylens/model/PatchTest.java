package entropylens.model;

import static entropylens.model.TestModels.feed;
import static entropylens.model.TestModels.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.hook.Patch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of one text in the place of another's.
class PatchTest {
    static List<String> names() {
        return Goldens.NAMES;
    }

    private static Recording run(Model model, int[] tokens, List<Patch> patches) {
        Session session = model.newSession(tokens.length, Intervention.NONE.patched(patches));
        Recording recording = new Recording(model, session);
        feed(model, session, part(tokens, 0, tokens.length - 3));
        feed(model, session, part(tokens, tokens.length - 3, tokens.length));
        return recording;
    }

    private static Patch patch(Recording from, HookPoint point, int position, int width) {
        float[] rows = from.at(point);
        return new Patch(
                point,
                position,
                Arrays.copyOfRange(rows, position * width, (position + 1) * width));
    }

    private static List<Patch> allRows(Recording from, HookPoint point, int count, int width) {
        return IntStream.range(0, count).mapToObj(p -> patch(from, point, p, width)).toList();
    }

    /// The tokens backwards: another text of that length.
    private static int[] other(int[] tokens) {
        return IntStream.range(0, tokens.length).map(i -> tokens[tokens.length - 1 - i]).toArray();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRowInItsOwnPlaceChangesNothing(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        int width = model.config().dModel();
        Recording plain = run(model, tokens, List.of());
        List<Patch> own = new ArrayList<>();
        for (HookPoint point :
                List.of(HookPoint.residPre(0), HookPoint.attnOut(1), HookPoint.residPost(0))) {
            own.addAll(allRows(plain, point, tokens.length, width));
        }
        run(model, tokens, own).requireSameBits(plain, tokens.length);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPatchChangesWhatFollowsAndNothingElse(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        int width = model.config().dModel();
        int at = tokens.length / 2;
        Recording plain = run(model, tokens, List.of());
        Recording source = run(model, other(tokens), List.of());
        HookPoint point = HookPoint.residPost(0);
        Recording patched = run(model, tokens, List.of(patch(source, point, at, width)));

        assertThat(row(patched.at(point), at, width)).isEqualTo(row(source.at(point), at, width));
        int last = model.config().nLayers() - 1;
        for (int layer = 0; layer <= last; layer++) {
            float[] before = plain.at(HookPoint.residPost(layer));
            float[] after = patched.at(HookPoint.residPost(layer));
            for (int position = 0; position < tokens.length; position++) {
                if (position < at || layer == 0 && position != at) {
                    assertThat(row(after, position, width))
                            .as("layer %d, position %d", layer, position)
                            .isEqualTo(row(before, position, width));
                }
            }
        }
        HookPoint end = HookPoint.residPost(last);
        assertThat(row(patched.at(end), at, width)).isNotEqualTo(row(plain.at(end), at, width));
    }

    private static float[] row(float[] rows, int position, int width) {
        return Arrays.copyOfRange(rows, position * width, (position + 1) * width);
    }

    /// Nothing of the text is left, so what follows is the other text.
    @ParameterizedTest
    @ValueSource(strings = {"llama-biased-untied", "gpt2-base", "gptj-partial", "lfm2-tied"})
    void withAllRowsOfAnotherTextItIsTheOther(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        Recording source = run(model, other(tokens), List.of());
        HookPoint begin = HookPoint.residPre(0);
        List<Patch> all = allRows(source, begin, tokens.length, model.config().dModel());
        run(model, tokens, all).requireSameBits(source, tokens.length);
    }

    @Test
    void whatCannotBePatchedIsRefused() {
        Model model = TestModels.load("gptj-partial", 1);
        int width = model.config().dModel();
        float[] row = new float[width];
        assertThatThrownBy(() -> new Patch(HookPoint.routerLogits(0), 0, row))
                .hasMessageContaining("no patch at");
        refused(model, new Patch(HookPoint.residMid(0), 0, row), "no hook point");
        refused(model, new Patch(HookPoint.residPost(99), 0, row), "this model has blocks 0..");
        refused(
                model,
                new Patch(HookPoint.residPost(0), 0, new float[3]),
                "has 3 floats, but d_model is " + width);
        Patch one = new Patch(HookPoint.residPost(0), 0, row);
        assertThatThrownBy(() -> Intervention.NONE.patched(List.of(one, one)))
                .hasMessageContaining("two patches are for");
    }

    private static void refused(Model model, Patch patch, String why) {
        Intervention intervention = Intervention.NONE.patched(List.of(patch));
        assertThatThrownBy(() -> model.newSession(4, intervention)).hasMessageContaining(why);
    }
}
