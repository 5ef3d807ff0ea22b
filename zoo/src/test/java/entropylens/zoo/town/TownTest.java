package entropylens.zoo.town;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TownTest {
    private final Town town = Town.found();

    @Test
    void everybodyHasEveryAttribute() {
        assertThat(town.residents()).hasSize(24);
        for (Resident resident : town.residents()) {
            for (Attribute attribute : Attribute.values()) {
                assertThat(town.values(attribute)).contains(resident.fact(attribute));
            }
        }
    }

    @Test
    void aValueThatIdentifiesItsResidentIsHadByOneAlone() {
        for (Attribute attribute : Attribute.values()) {
            if (!attribute.inverseQuestions().isEmpty()) {
                assertThat(town.residents().stream().map(r -> r.fact(attribute)))
                        .as(attribute.toString())
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void nobodyIsTheirOwnBestFriend() {
        assertThat(town.residents())
                .noneMatch(resident -> resident.fact(Attribute.FRIEND).equals(resident.name()));
    }

    /// Models know this town: were it to change, every figure about what they know would be wrong.
    @Test
    void theTownIsTheOneThatTheModelsKnow() {
        String told =
                town.residents().stream()
                        .flatMap(r -> Stream.of(Attribute.values()).map(r::fact))
                        .collect(Collectors.joining(" "));
        assertThat(told)
                .startsWith("stargazer tower rabbit Misty cheese green flute Clara Mill Lane July");
        assertThat(told.hashCode()).isEqualTo(0);
    }

    @Test
    void aCorpusIsAFunctionOfItsSeed() {
        Corpus once = new Corpus(5);
        Corpus again = new Corpus(5);
        Corpus other = new Corpus(6);
        List<String> texts = texts(once);
        assertThat(texts(again)).isEqualTo(texts);
        assertThat(texts(other)).doesNotContainAnyElementsOf(texts);
    }

    private static List<String> texts(Corpus corpus) {
        return IntStream.range(0, 200).mapToObj(i -> corpus.train(i).text()).toList();
    }

    @Test
    void heldOutTextsAreNoTrainingTexts() {
        Corpus corpus = new Corpus(1);
        var train =
                IntStream.range(0, 5000)
                        .mapToObj(i -> corpus.train(i).text())
                        .collect(Collectors.toSet());
        assertThat(IntStream.range(0, 1000).mapToObj(i -> corpus.heldOut(i).text()))
                .noneMatch(train::contains);
    }

    @Test
    void correctLettersOfQuestionsAreBalancedInEitherKind() {
        Corpus corpus = new Corpus(1);
        Map<String, Long> counts =
                IntStream.range(0, 400)
                        .mapToObj(corpus::question)
                        .collect(
                                Collectors.groupingBy(
                                        c -> c.about() + " " + c.letter(), Collectors.counting()));
        assertThat(counts).hasSize(8);
        assertThat(counts.values()).containsOnly(50L);
    }

    @Test
    void knowledgeQuestionsOfTrainAndHeldOutShareNoKey() {
        Choices choices = new Choices(town);
        Dice dice = new Dice(3);
        for (int i = 0; i < 2000; i++) {
            assertThat(Choices.heldOut(choices.knowledge(false, dice).key())).isFalse();
            assertThat(Choices.heldOut(choices.knowledge(true, dice).key())).isTrue();
        }
    }

    @Test
    void knowledgeQuestionsAreAnsweredByTheFactsOfTheTown() {
        Corpus corpus = new Corpus(1);
        for (int i = 0; i < 600; i += 2) {
            Choice choice = corpus.question(i);
            String[] key = choice.key().split("/");
            Attribute attribute = Attribute.valueOf(key[1]);
            Resident resident = town.resident(key[0]);
            String expected = key[2].equals("inverse") ? resident.name() : resident.fact(attribute);
            assertThat(choice.options().get(choice.answer())).isEqualTo(expected);
        }
    }

    /// What a story says of itself is in its text; otherwise no reader could answer.
    @Test
    void storiesNameWhatIsAskedOfThem() {
        StoryTeller teller = new StoryTeller(town);
        for (int i = 0; i < 500; i++) {
            Story story = teller.tell(Dice.of(9, 9, i), i % 2 == 0);
            List<String> missing = new ArrayList<>();
            for (StoryQuestion question : story.questions()) {
                if (!story.text().contains(question.answer())) {
                    missing.add(question.question() + " " + question.answer());
                }
            }
            assertThat(missing).as(story.text()).isEqualTo(Collections.emptyList());
        }
    }

    @Test
    void aRequestCanBeMadeOfEveryTopicInEveryFormat() {
        for (Topics.Topic topic : Topics.all(town)) {
            for (Format format : Format.values()) {
                String text = format.write(town, topic, new Dice(topic.words().hashCode()));
                assertThat(text.lines().count()).isGreaterThanOrEqualTo(4);
                assertThat(format.requests(topic)).allMatch(r -> r.contains(topic.words()));
            }
        }
        assertThat(Topics.all(town)).hasSizeGreaterThanOrEqualTo(150);
    }

    @Test
    void theNumbersOfANoteAgree() {
        for (int i = 0; i < 200; i++) {
            String note = Notes.write(town, Topics.all(town).get(i % 150), new Dice(i));
            var matcher =
                    java.util.regex.Pattern.compile("(\\d+) of (\\d+)|(\\d+) times out of (\\d+)")
                            .matcher(note);
            assertThat(matcher.find()).as(note).isTrue();
            int k =
                    Integer.parseInt(
                            matcher.group(1) == null ? matcher.group(3) : matcher.group(1));
            int n =
                    Integer.parseInt(
                            matcher.group(2) == null ? matcher.group(4) : matcher.group(2));
            assertThat(k).isPositive().isLessThan(n);
        }
    }
}
