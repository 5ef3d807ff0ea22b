package entropylens.zoo.town;

import java.util.List;

/// What happens in a story, after somebody has set out and before everybody goes home.
final class Plots {
    private Plots() {}

    static void gift(Scene s) {
        s.tell(
                "There {heroHe} bought a {thing}.",
                "There {heroHe} made a {thing} with {heroHis} own hands.",
                "{HeroHe} had a {thing} in {heroHis} bag.");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        s.perhaps(
                40,
                "It was the finest {bare} in town.",
                "\"This is for {friend},\" {heroHe} thought.",
                "It had cost {heroHim} a lot.");
        s.tell(
                "Then {heroHe} went to the {otherPlace} and met {friend} there.",
                "At the {otherPlace} {heroHe} saw {friend} the {friendTrade}.",
                "{friend} was waiting at the {otherPlace}.");
        s.askPlace(s.otherPlace, "Where does {hero} meet {friend}?", "At which place is {friend}?");
        String before = s.choose("before", "sad", "tired");
        String after = s.choose("after", "happy", "glad", "proud");
        s.tell(
                "{friend} was {before} that day.",
                "{friend} looked {before}.",
                "\"Why are you so {before}?\" asked {hero}.");
        s.tell(
                "So {hero} gave the {bare} to {friend}.",
                "\"This {bare} is for you,\" said {hero}.",
                "{hero} put the {bare} into the hands of {friend}.");
        s.askWho(
                s.friend,
                "Who has the {bare} at the end?",
                "Who gets the {bare}?",
                "To whom does {hero} give the {bare}?");
        s.askThing(s.thing, "What does {hero} give to {friend}?", "What does {friend} get?");
        s.tell(
                "{friend} said, \"Thank you, {hero}!\"",
                "\"How kind of you!\" said {friend}.",
                "{friend} could not believe it.");
        s.tell("Now {friend} was {after}.", "That made {friend} very {after}.");
        s.ask(
                after,
                List.of(before),
                Words.FEELINGS,
                "How does {friend} feel at the end?",
                "How is {friend} after that?");
    }

    static void lostAndFound(Scene s) {
        s.tell(
                "{HeroHe} had lost {heroHis} {thing}.",
                "Suddenly {heroHis} {thing} was gone.",
                "There {heroHe} saw that {heroHis} {thing} was missing.");
        s.askThing(s.thing, "What does {hero} lose?", "What is {hero} looking for?");
        s.tell(
                "\"Where is my {bare}?\" {heroHe} cried.",
                "{hero} looked under every stone.",
                "{HeroHe} was close to tears.");
        s.tell(
                "{HeroHe} asked {friend} for help.",
                "{friend} the {friendTrade} came to help.",
                "{HeroHe} met {friend}, who helped {heroHim}.");
        s.askWho(s.friend, "Whom does {hero} ask for help?", "Who helps {hero}?");
        s.perhaps(
                50,
                "They looked for an hour and found nothing.",
                "They asked everybody on the way.",
                "\"It must be here,\" said {friend}.");
        s.tell(
                "At last {third} found the {bare} at the {otherPlace}.",
                "Then {third} came from the {otherPlace} with the {bare}.",
                "But the {bare} was at the {otherPlace}, where {third} found it.");
        s.askWho(s.third, "Who finds the {bare}?", "Who has found the {bare}?");
        s.askPlace(s.otherPlace, "Where is the {bare} found?", "At which place was the {bare}?");
        if (s.dice.chance(50)) {
            s.tell(
                    "{third} gave it back to {hero}.",
                    "\"Here it is,\" said {third}, and {hero} took it.");
            s.askWho(s.hero, "Who has the {bare} at the end?", "Who holds the {bare} at the end?");
        } else {
            s.tell("{hero} let {third} keep it.", "\"You may keep it, {third},\" said {hero}.");
            s.askWho(s.third, "Who has the {bare} at the end?", "Who holds the {bare} at the end?");
        }
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
    }

    static void swap(Scene s) {
        s.tell(
                "{HeroHe} had a {thing} with {heroHim}.",
                "{HeroHe} carried a {thing}.",
                "{HeroHe} came with a {thing}.");
        s.tell(
                "There {heroHe} met {friend}, who had a {otherThing}.",
                "{friend} the {friendTrade} was there with a {otherThing}.",
                "Soon {friend} came by with a {otherThing}.");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        s.askColour(
                s.otherThing,
                "What colour is the {otherBare}?",
                "Which colour does the {otherBare} have?");
        s.perhaps(
                50,
                "\"I have always wanted a {otherBare},\" said {hero}.",
                "{hero} liked the {otherBare} very much.",
                "\"What a fine {bare}!\" said {friend}.");
        s.tell(
                "They swapped, and {hero} took the {otherBare}.",
                "{hero} gave the {bare} for the {otherBare}.",
                "So {friend} took the {bare} and gave {hero} the {otherBare}.");
        s.askWho(s.friend, "Who has the {bare} at the end?", "Who gets the {bare}?");
        s.askWho(s.hero, "Who has the {otherBare} at the end?", "Who gets the {otherBare}?");
        s.askThing(
                s.otherThing,
                "What does {hero} get from {friend}?",
                "What does {hero} have at the end?");
        s.tell(
                "Then they went to the {otherPlace} together.",
                "{third} saw it and laughed.",
                "\"Now we are both happy,\" said {friend}.",
                "They shook hands.");
    }

    static void loan(Scene s) {
        s.tell(
                "{friend} came and asked for the {thing} of {hero}.",
                "\"May I have your {thing} for a day?\" asked {friend}.",
                "{friend} needed a {thing}, and {hero} had one.");
        s.askThing(s.thing, "What does {friend} need?", "What does {friend} ask for?");
        s.tell(
                "{hero} said yes.",
                "\"Yes, but take care of it,\" said {hero}.",
                "{hero} gave it to {friendHim}.");
        s.tell(
                "{friend} took the {bare} to the {otherPlace}.",
                "With the {bare} {friend} went to the {otherPlace}.");
        s.askPlace(
                s.otherPlace,
                "Where does {friend} take the {bare}?",
                "To which place does {friend} go?");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        s.perhaps(50, "Hours went by.", "Soon it was noon.", "The sun went down slowly.");
        switch (s.dice.roll(3)) {
            case 0 -> {
                s.tell(
                        "In the evening {friendHe} brought it back to {hero}.",
                        "Then {friend} gave the {bare} back to {hero}.");
                s.askWho(
                        s.hero,
                        "Who has the {bare} at the end?",
                        "Who holds the {bare} at the end?");
            }
            case 1 -> {
                s.tell(
                        "There {friend} gave it to {third}.",
                        "But {friend} handed the {bare} on to {third}.");
                s.askWho(
                        s.third,
                        "Who has the {bare} at the end?",
                        "Who holds the {bare} at the end?");
            }
            default -> {
                s.tell("{friend} forgot to bring it back.", "{friend} still has it today.");
                s.askWho(
                        s.friend,
                        "Who has the {bare} at the end?",
                        "Who holds the {bare} at the end?");
            }
        }
        s.tell(
                "{hero} did not mind.",
                "\"That is fine,\" said {hero}.",
                "{third} heard of it and smiled.");
    }

    static void runaway(Scene s) {
        s.tell(
                "There {heroHis} {heroPet} {heroPetName} ran away.",
                "{heroPetName} the {heroPet} slipped out and ran off.",
                "Suddenly {heroPetName}, {heroHis} {heroPet}, was gone.");
        s.ask(
                s.hero.fact(Attribute.PET),
                List.of(),
                Words.ANIMALS,
                "Which animal runs away?",
                "Which animal is missing?");
        s.tell(
                "{hero} called and called.",
                "\"{heroPetName}! {heroPetName}!\" cried {hero}.",
                "{HeroHe} ran through all the streets.");
        s.tell(
                "{friend} had seen {heroPetName} near the {otherPlace}.",
                "\"I saw the {heroPet} at the {otherPlace},\" said {friend}.",
                "{friend} pointed to the {otherPlace}.");
        s.askPlace(
                s.otherPlace,
                "Where is {heroPetName} seen?",
                "Where does {friend} see {heroPetName}?");
        s.askWho(s.friend, "Who sees {heroPetName}?", "Who knows where {heroPetName} is?");
        s.tell(
                "{heroPetName} was sitting on a {thing} there.",
                "There {heroPetName} sat beside a {thing}.",
                "There {heroPetName} was playing with a {thing}.");
        s.askThing(s.thing, "What is {heroPetName} found with?", "What is beside {heroPetName}?");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        s.tell(
                "{third} gave {heroPetName} some {food}, and all was well.",
                "With some {food}, {third} brought {heroPetName} home.");
        askFood(
                s,
                "What does {third} give to {heroPetName}?",
                "What does {heroPetName} get to eat?");
        s.askWho(s.third, "Who gives some food to {heroPetName}?", "Who has the {food}?");
    }

    static void feast(Scene s) {
        s.tell(
                "{HeroHe} had made {food} for everybody.",
                "There {heroHe} put {food} on a long table.",
                "{HeroHe} wanted to share {heroHis} {food}.");
        askFood(s, "What do they eat?", "What has {hero} made?");
        s.tell(
                "{friend} came first, with a {thing}.",
                "{friend} the {friendTrade} came and brought a {thing}.");
        s.askThing(s.thing, "What does {friend} bring?", "What has {friend} brought along?");
        s.tell(
                "{third} came late, with a {otherThing}.",
                "Then {third} came from the {otherPlace} and brought a {otherThing}.");
        s.askThing(s.otherThing, "What does {third} bring?", "What has {third} brought along?");
        s.askWho(s.friend, "Who comes first?", "Who brings a {bare}?");
        s.askWho(s.third, "Who comes late?", "Who brings a {otherBare}?");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        String before = s.choose("before", "sad", "tired");
        String after = s.choose("after", "happy", "proud", "glad");
        s.tell(
                "They ate until nothing was left.",
                "\"I like {friendFood} even better,\" said {friend}.",
                "Everybody had two plates.");
        s.tell("{third} sang, and {hero} was {after}.", "At the end {hero} was {after}.");
        s.ask(
                after,
                List.of(before),
                Words.FEELINGS,
                "How does {hero} feel at the end?",
                "How is {hero} after that?");
    }

    static void contest(Scene s) {
        s.tell(
                "{friend} was there too, and they agreed on a race to the {otherPlace}.",
                "\"Let us run to the {otherPlace},\" said {friend}.",
                "\"Who is first at the {otherPlace}?\" asked {friend}.");
        s.askPlace(s.otherPlace, "Where does the race go?", "To which place do they run?");
        s.tell(
                "{third} held a {thing} as the prize.",
                "The prize was a {thing}, and {third} was the judge.",
                "{third} promised a {thing} to the winner.");
        s.askThing(s.thing, "What is the prize?", "What can be won?");
        s.askColour(s.thing, "What colour is the {bare}?", "Which colour does the {bare} have?");
        s.askWho(s.third, "Who is the judge?", "Who gives the prize?");
        s.perhaps(
                50,
                "They ran as fast as they could.",
                "Half of the town came to look.",
                "\"Ready, steady, go!\" cried {third}.");
        if (s.dice.chance(50)) {
            s.tell("{hero} was faster and won.", "In the end {hero} won by a step.");
            s.askWho(s.hero, "Who wins the race?", "Who has the {bare} at the end?");
        } else {
            s.tell("{friend} was faster and won.", "In the end {friend} won by a step.");
            s.askWho(s.friend, "Who wins the race?", "Who has the {bare} at the end?");
        }
        s.tell(
                "The winner got the {bare}.",
                "So the {bare} found its owner.",
                "{third} handed over the {bare}.");
    }

    private static void askFood(Scene s, String... wordings) {
        s.ask(s.food, List.of(s.friend.fact(Attribute.FOOD)), Words.FOODS, wordings);
    }
}
