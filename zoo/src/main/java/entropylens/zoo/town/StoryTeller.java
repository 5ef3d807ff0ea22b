package entropylens.zoo.town;

import java.util.List;

/// Tells stories of Tinytown: somebody sets out, things change hands, time passes.
public final class StoryTeller {
    private final Town town;

    public StoryTeller(Town town) {
        this.town = town;
    }

    /// A story of about 7 to 14 sentences.
    public Story tell(Dice dice) {
        return tell(dice, true);
    }

    /// @param detailed whether there is time for weather, feelings and facts on the way
    Story tell(Dice dice, boolean detailed) {
        Scene scene = new Scene(town, dice);
        open(scene, detailed);
        switch (dice.roll(7)) {
            case 0 -> Plots.gift(scene);
            case 1 -> Plots.lostAndFound(scene);
            case 2 -> Plots.swap(scene);
            case 3 -> Plots.loan(scene);
            case 4 -> Plots.runaway(scene);
            case 5 -> Plots.feast(scene);
            default -> Plots.contest(scene);
        }
        close(scene, detailed);
        return scene.story();
    }

    private static void open(Scene scene, boolean detailed) {
        scene.tell(
                "On {day}, {hero} the {heroTrade} went to the {place}.",
                "One {day} {hero} walked to the {place}.",
                "It was {day}, and {hero} the {heroTrade} was at the {place}.",
                "Early on {day} {hero} came to the {place}.",
                "{hero} woke up early on {day} and went to the {place}.");
        scene.ask(
                scene.day,
                List.of(),
                Words.DAYS,
                "On which day does the story begin?",
                "Which day is it in the story?");
        scene.askPlace(
                scene.place,
                "Where does {hero} go on {day}?",
                "Where does the story begin?",
                "At which place is {hero} on {day}?");
        if (detailed || scene.dice.chance(40)) {
            scene.tell(
                    "The weather was {weather}.",
                    "It was a {weather} day in Tinytown.",
                    "Outside it was {weather}.",
                    "The morning was {weather}, as so often in Tinytown.");
            scene.ask(
                    scene.weather,
                    List.of(),
                    Words.WEATHERS,
                    "How was the weather?",
                    "What was the weather like?");
        }
        if (detailed) {
            scene.perhaps(
                    45,
                    "{HeroHis} {heroPet} {heroPetName} came along.",
                    "{HeroHe} was humming, for {heroHe} plays the {heroPlays}.",
                    "{HeroHe} had eaten {heroFood}, which {heroHe} likes best.",
                    "{HeroHe} wore {heroColour}, {heroHis} favourite colour.",
                    "{HeroHe} lives in {heroQuarter} and knew the way well.",
                    "{HeroHe} was thinking of {heroFriend}, {heroHis} best friend.",
                    "It was {heroMonth}, the month of {heroHis} birthday.");
        }
    }

    private static void close(Scene scene, boolean detailed) {
        if (!detailed) {
            return;
        }
        scene.perhaps(
                60,
                "In the evening {hero} went home to {heroQuarter}.",
                "Then the lamps were lit, and everybody went home.",
                "At home {hero} played the {heroPlays} until late.",
                "At night {hero} told {heroPetName} the {heroPet} all about it.",
                "{hero} never forgot that {day}.",
                "After that {hero} and {friend} were friends for a long time.",
                "Before going to bed {hero} ate some {heroFood}.",
                "The next day all of Tinytown spoke of {hero} and the {thing}.");
    }
}
