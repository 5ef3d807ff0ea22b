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
        assertThat(town.residents()).hasSize(16);
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
                .startsWith("singer theatre pony Fig plums yellow flute Vera Uptown October");
        assertThat(told.hashCode()).isEqualTo(890219116);
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
            List<Integer> shares =
                    java.util.regex.Pattern.compile("(\\d+) %")
                            .matcher(note)
                            .results()
                            .map(found -> Integer.valueOf(found.group(1)))
                            .toList();
            assertThat(shares).as(note).hasSizeBetween(1, 2).allMatch(k -> k > 0 && k < 100);
            if (shares.size() == 2) {
                assertThat(shares.get(0) + shares.get(1)).as(note).isEqualTo(100);
            }
        }
    }

    @Test
    void noLineOfAPoemComesTwiceAndNoEndingEither() {
        for (int i = 0; i < 300; i++) {
            String poem = Poems.write(town, Topics.all(town).get(i % 150), new Dice(i));
            List<String> lines = poem.lines().toList();
            List<String> ends =
                    lines.stream().map(line -> line.substring(line.length() - 8)).toList();
            assertThat(lines).doesNotHaveDuplicates();
            assertThat(ends).as(poem).doesNotHaveDuplicates();
        }
    }

    @Test
    void theLettersOfAListingAreThoseOfItsAnswers() {
        Dice dice = new Dice(4);
        for (int i = 0; i < 300; i++) {
            for (String block : Listing.facts(town, i % 10 == 0, dice).split("\n\n")) {
                List<String> lines = block.lines().toList();
                Map<String, String> options =
                        lines.stream()
                                .filter(line -> line.matches("[A-D]\\. .*"))
                                .collect(
                                        Collectors.toMap(
                                                line -> line.substring(0, 1),
                                                line -> line.substring(3)));
                int asked = (lines.size() - options.size()) / 2;
                assertThat(asked).as(block).isBetween(1, Math.max(1, options.size() - 1));
                for (int q = 0; q < asked; q++) {
                    String question = lines.get(options.size() + 2 * q);
                    String letter = lines.get(options.size() + 2 * q + 1).substring(8);
                    assertThat(answers(question)).as(block).contains(options.get(letter));
                }
            }
        }
    }

    /// What can be true of whom or what the question names.
    private List<String> answers(String question) {
        List<String> words = List.of(question.replaceAll("[?.]", "").split(" "));
        return town.residents().stream()
                .flatMap(resident ->
                        words.contains(resident.name())
                                ? Stream.of(Attribute.values()).map(resident::fact)
                                : Stream.of(Attribute.values())
                                                .map(resident::fact)
                                                .anyMatch(words::contains)
                                        ? Stream.of(resident.name())
                                        : Stream.empty())
                .toList();
    }

    @Test
    void aListingOfAStoryIsAnsweredByTheStory() {
        StoryTeller teller = new StoryTeller(town);
        Dice dice = new Dice(5);
        for (int i = 0; i < 300; i++) {
            Story story = teller.tell(dice, false);
            Map<String, List<String>> expected =
                    story.questions().stream()
                            .collect(
                                    Collectors.groupingBy(
                                            StoryQuestion::question,
                                            Collectors.mapping(
                                                    StoryQuestion::answer, Collectors.toList())));
            List<String> lines = Listing.story(story, dice).lines().toList();
            long options = lines.stream().filter(line -> line.matches("[A-D]\\. .*")).count();
            assertThat(options).isBetween(1L, 4L);
            for (int q = (int) options; q < lines.size(); q += 2) {
                String letter = lines.get(q + 1).substring("Answer: ".length());
                String option =
                        lines.stream()
                                .filter(line -> line.startsWith(letter + ". "))
                                .findFirst()
                                .orElseThrow()
                                .substring(3);
                assertThat(expected.get(lines.get(q).substring("Question: ".length())))
                        .contains(option);
            }
        }
    }
}
