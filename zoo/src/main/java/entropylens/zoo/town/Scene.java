package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// What a story has told so far, and who and what is in it.
final class Scene {
    final Dice dice;
    final Resident hero;
    final Resident friend;
    final Resident third;

    /// With its colour: "red kite".
    final String thing;

    final String otherThing;
    final String place;
    final String otherPlace;
    final String weather;
    final String day;
    final String food;

    private final Town town;
    private final Phrase phrase;
    private final List<String> sentences = new ArrayList<>();
    private final List<StoryQuestion> questions = new ArrayList<>();

    Scene(Town town, Dice dice) {
        this.town = town;
        this.dice = dice;
        List<Resident> cast = dice.shuffled(town.residents());
        hero = cast.getFirst();
        Resident best = town.resident(hero.fact(Attribute.FRIEND));
        friend = dice.chance(35) ? best : cast.get(1);
        Resident other = cast.get(2);
        third = other == friend ? cast.get(3) : other;
        List<String> things = dice.shuffled(Words.THINGS);
        List<String> colours = dice.shuffled(Words.COLOURS);
        thing = colours.get(0) + " " + things.get(0);
        otherThing = colours.get(1) + " " + things.get(1);
        List<String> places = dice.shuffled(Words.PLACES);
        place = dice.chance(30) ? hero.fact(Attribute.PLACE) : places.get(0);
        otherPlace = places.get(1).equals(place) ? places.get(2) : places.get(1);
        weather = dice.pick(Words.WEATHERS);
        day = dice.pick(Words.DAYS);
        food = dice.chance(40) ? hero.fact(Attribute.FOOD) : dice.pick(Words.FOODS);
        phrase =
                new Phrase()
                        .with("hero", hero)
                        .with("friend", friend)
                        .with("third", third)
                        .with("thing", thing)
                        .with("bare", bare(thing))
                        .with("otherThing", otherThing)
                        .with("otherBare", bare(otherThing))
                        .with("place", place)
                        .with("otherPlace", otherPlace)
                        .with("weather", weather)
                        .with("day", day)
                        .with("food", food);
    }

    /// Without its colour.
    static String bare(String thing) {
        return thing.substring(thing.indexOf(' ') + 1);
    }

    static String colour(String thing) {
        return thing.substring(0, thing.indexOf(' '));
    }

    /// Tells one of several wordings of the same thing.
    void tell(String... wordings) {
        sentences.add(phrase.fill(dice.pick(wordings)));
    }

    /// Tells it sometimes.
    void perhaps(int percent, String... wordings) {
        if (dice.chance(percent)) {
            tell(wordings);
        }
    }

    /// Picks a word, for which `{key}` stands from now on.
    String choose(String key, String... words) {
        String word = dice.pick(words);
        phrase.with(key, word);
        return word;
    }

    void askWho(Resident answer, String... wordings) {
        List<String> cast = List.of(hero.name(), friend.name(), third.name());
        ask(answer.name(), cast, town.residents().stream().map(Resident::name).toList(), wordings);
    }

    void askPlace(String answer, String... wordings) {
        ask(answer, List.of(place, otherPlace), Words.PLACES, wordings);
    }

    void askThing(String answer, String... wordings) {
        ask(bare(answer), List.of(bare(thing), bare(otherThing)), Words.THINGS, wordings);
    }

    void askColour(String answer, String... wordings) {
        ask(colour(answer), List.of(colour(thing), colour(otherThing)), Words.COLOURS, wordings);
    }

    void ask(String answer, List<String> plausible, List<String> others, String... wordings) {
        questions.add(
                new StoryQuestion(phrase.fill(dice.pick(wordings)), answer, plausible, others));
    }

    Story story() {
        return new Story(hero, hero.name() + " and a " + thing, sentences, questions);
    }
}
