package entropylens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoppedTextTest {
    private static List<String> pieces(StoppedText text, String... pieces) {
        List<String> released = new ArrayList<>();
        for (String piece : pieces) {
            if (!text.stopped()) {
                released.add(text.add(piece));
            }
        }
        if (!text.stopped()) {
            released.add(text.end());
        }
        return released;
    }

    @Test
    void whatMayBeTheBeginningOfAStopIsHeldBack() {
        assertThat(pieces(new StoppedText(List.of("END")), "a E", "N", "X", "E"))
                .containsExactly("a ", "", "ENX", "", "E");
    }

    @Test
    void theTextEndsBeforeTheStop() {
        assertThat(pieces(new StoppedText(List.of("END")), "a E", "ND more"))
                .containsExactly("a ", "");
    }

    @Test
    void theFirstOfSeveralStopsEndsIt() {
        assertThat(pieces(new StoppedText(List.of("later", "soon")), "now soon later"))
                .containsExactly("now ");
    }

    @Test
    void withoutStopsAllOfItIsFinalAtOnce() {
        assertThat(pieces(new StoppedText(List.of()), "a", "b")).containsExactly("a", "b", "");
    }

    /// Against the text as a whole, cut into pieces at random.
    @Test
    void howItIsCutChangesNothing() {
        Random random = new Random(7);
        for (int trial = 0; trial < 2000; trial++) {
            String whole = word(random, 12);
            List<String> stops = List.of(word(random, 1 + random.nextInt(4)), word(random, 3));
            StoppedText text = new StoppedText(stops);
            StringBuilder released = new StringBuilder();
            for (int at = 0; at < whole.length() && !text.stopped(); ) {
                int end = Math.min(whole.length(), at + 1 + random.nextInt(4));
                released.append(text.add(whole.substring(at, end)));
                at = end;
            }
            released.append(text.stopped() ? "" : text.end());
            assertThat(released.toString())
                    .as("%s %s", whole, stops)
                    .isEqualTo(whole.substring(0, cut(whole, stops)));
        }
    }

    /// Before the stop that is whole first, read character by character.
    private static int cut(String whole, List<String> stops) {
        for (int end = 1; end <= whole.length(); end++) {
            String sofar = whole.substring(0, end);
            int longest =
                    stops.stream().filter(sofar::endsWith).mapToInt(String::length).max().orElse(0);
            if (longest > 0) {
                return end - longest;
            }
        }
        return whole.length();
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }
}
