package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.tellapart.FormatPrompts.Request;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TestSettings;
import entropylens.zoo.town.Format;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FormatPromptsTest {
    private static List<Request> requests(Preset preset, OptionalInt samples) {
        StudySettings settings =
                new StudySettings(
                        preset,
                        samples,
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        3,
                        16,
                        StudyInputs.NONE);
        return FormatPrompts.requests(settings, ClassWordings.ofFormats(settings));
    }

    @Test
    void everyFormatIsAskedForOnEveryTopicAndThereAreAtLeast150() {
        List<Request> requests = requests(Preset.SOUND, OptionalInt.empty());
        Map<String, Set<Format>> formats =
                requests.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Request::topic,
                                        Collectors.mapping(Request::format, Collectors.toSet())));
        assertThat(formats.size()).isGreaterThanOrEqualTo(150);
        assertThat(formats.values()).allMatch(of -> of.size() == 3);
        assertThat(requests).hasSize(3 * formats.size());
        assertThat(requests).allMatch(request -> request.prompt().contains(request.topic()));
    }

    @Test
    void wordingsTakeTurnsButForThePapersOne() {
        assertThat(requests(Preset.SOUND, OptionalInt.of(6)).stream().map(Request::wording))
                .containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1, 2, 2, 2);
        assertThat(requests(Preset.PAPER, OptionalInt.of(6)).stream().map(Request::wording))
                .containsOnly(0);
    }

    @Test
    void wordingsTakeTurnsInThePapersPresetWhereThatIsCorrected() {
        StudySettings settings =
                TestSettings.of(Preset.PAPER, 3).correcting(Set.of(Flaw.ONE_WORDING));
        assertThat(
                        FormatPrompts.requests(settings, ClassWordings.ofFormats(settings)).stream()
                                .map(Request::wording))
                .containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void moreTopicsThanThereAreAreAllOfThem() {
        assertThat(requests(Preset.SOUND, OptionalInt.of(100_000)))
                .isEqualTo(requests(Preset.SOUND, OptionalInt.empty()));
    }

    @Test
    void everyOrderButShannonsHasAColumnOfItsOwn() {
        assertThat(Formats.ORDERS.stream().map(Formats::column))
                .containsExactly(
                        "renyi_0", "renyi_0_5", "entropy", "renyi_2", "renyi_5", "renyi_inf");
    }
}
