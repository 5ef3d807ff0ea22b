package entropylens.zoo.town;

import java.util.List;

/// The closed lists of things that Tinytown consists of.
final class Words {
    static final List<String> COLOURS =
            List.of("red", "blue", "green", "yellow", "white", "black", "brown", "grey");

    static final List<String> THINGS =
            List.of(
                    "kite", "lantern", "drum", "basket", "bell", "map", "coat", "hat", "boat",
                    "cup", "box", "book", "key", "rope", "ladder", "cart", "wheel", "blanket",
                    "ring", "mirror", "candle", "spoon", "chair", "bucket", "scarf", "ball");

    static final List<String> FOODS =
            List.of("plums", "soup", "bread", "honey", "cheese", "apples", "cake", "fish");

    static final List<String> ANIMALS =
            List.of("cat", "dog", "hen", "goat", "rabbit", "goose", "parrot", "pony");

    static final List<String> INSTRUMENTS =
            List.of("flute", "violin", "harp", "trumpet", "piano", "guitar", "horn", "banjo");

    static final List<String> MONTHS =
            List.of("January", "March", "April", "May", "June", "July", "August", "October");

    static final List<String> QUARTERS = List.of("Uptown", "Downtown", "Riverside", "Hillside");

    static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    static final List<String> WEATHERS =
            List.of("sunny", "rainy", "windy", "foggy", "snowy", "stormy", "warm", "cold");

    static final List<String> FEELINGS = List.of("happy", "glad", "proud", "sad", "tired");

    static final List<String> TRADES =
            List.of(
                    "baker",
                    "miller",
                    "fisher",
                    "carpenter",
                    "teacher",
                    "smith",
                    "gardener",
                    "doctor",
                    "shepherd",
                    "painter",
                    "cook",
                    "postman",
                    "farmer",
                    "singer",
                    "tailor",
                    "stargazer");

    /// Where each of the trades is plied.
    static final List<String> PLACES =
            List.of(
                    "bakery",
                    "mill",
                    "harbour",
                    "workshop",
                    "school",
                    "forge",
                    "garden",
                    "clinic",
                    "hill",
                    "studio",
                    "inn",
                    "station",
                    "farm",
                    "theatre",
                    "shop",
                    "tower");

    static final List<String> WOMEN =
            List.of("Rosa", "Mia", "Clara", "Nell", "Ida", "Vera", "Lena", "Greta");

    static final List<String> MEN =
            List.of("Tom", "Finn", "Hugo", "Otto", "Ben", "Max", "Paul", "Sam");

    static final List<String> PET_NAMES =
            List.of(
                    "Pip", "Dot", "Bo", "Rex", "Lulu", "Fig", "Momo", "Tink", "Bibi", "Coco",
                    "Duke", "Ziggy", "Juno", "Pearl", "Rusty", "Snow");

    static final List<String> SUBJECTS =
            List.of(
                    "the moon",
                    "the sea",
                    "the rain",
                    "the wind",
                    "winter",
                    "summer",
                    "the night",
                    "the morning",
                    "music",
                    "friendship",
                    "the town",
                    "the old bridge");

    private Words() {}
}
