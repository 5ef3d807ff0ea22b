package entropylens.family;

import static entropylens.family.Features.blocks;
import static entropylens.family.Features.number;

import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How a model knows positions, in words. A model keeps frequencies, not what they were computed
/// from: base and scaling are read off them.
final class PositionWords {
    /// Relative difference of two frequencies that count as the same; float32 powers are off by
    /// less.
    private static final double SAME = 1e-4;

    /// High frequencies that must be as of a base, where others are not, to call it the base.
    private static final int KEPT = 4;

    private PositionWords() {}

    static List<String> of(DecoderConfig config) {
        return switch (config.positions()) {
            case Positions.None _ -> List.of("no positions");
            case Positions.Learned _ -> List.of("learned positions");
            case Positions.Alibi alibi ->
                    List.of(
                            "ALiBi positions"
                                    + (alibi.roundedToBfloat16() ? " in bfloat16" : "")
                                    + (alibi.scale() == 1 ? "" : " × " + number(alibi.scale())));
            case Positions.Rotary rotary -> rotary(rotary, config.attentions().getFirst().dHead());
        };
    }

    private static List<String> rotary(Positions.Rotary rotary, int dHead) {
        List<String> words = new ArrayList<>();
        int rotated = rotary.ropes().stream().mapToInt(Rope::rotated).max().orElse(0);
        String part = rotated == dHead ? "" : ", %d of %d of a head".formatted(rotated, dHead);
        String pairs = rotary.pairing() == Pairing.HALVES ? "halves paired" : "neighbours paired";
        words.add("rotary positions" + part + ", " + pairs);
        Map<String, Long> kinds =
                rotary.ropes().stream()
                        .collect(
                                Collectors.groupingBy(
                                        PositionWords::kind,
                                        LinkedHashMap::new,
                                        Collectors.counting()));
        int layers = rotary.ropes().size();
        kinds.forEach((kind, count) ->
                words.add(kinds.size() == 1 ? kind : kind + " in " + blocks(count, layers)));
        return words;
    }

    static String kind(Rope rope) {
        return switch (rope) {
            case Rope.None _ -> "no rotation";
            case Rope.Fixed fixed -> fixed(fixed);
            case Rope.Dynamic dynamic ->
                    "base %s that grows beyond %s tokens (dynamic NTK × %s)"
                            .formatted(
                                    number(dynamic.theta()),
                                    number(dynamic.originalContext()),
                                    number(dynamic.factor()));
            case Rope.Long longer ->
                    "one set of frequencies up to %s tokens, another beyond%s"
                            .formatted(
                                    number(longer.originalContext()), magnitude(longer.beyond()));
        };
    }

    private static String fixed(Rope.Fixed rope) {
        float[] f = rope.inverseFrequencies();
        int turned = turned(f);
        if (turned < f.length) {
            String which = ", %s of %s pairs turned".formatted(number(turned), number(f.length));
            return turned == 1
                    ? "one frequency" + which
                    : "base " + number(base(f[0], f[1], 1, f.length)) + which;
        }
        int last = f.length - 1;
        if (last == 0) {
            return "one frequency" + magnitude(rope);
        }
        double base = base(f[0], f[last], last, f.length);
        if (alike(f, base, f.length)) {
            String all = same(f[0], 1) ? "" : divided("all frequencies", 1 / f[0]);
            return "base " + number(base) + all + magnitude(rope);
        }
        // YaRN and Llama 3 leave the highest frequencies as they are
        base = base(f[0], f[1], 1, f.length);
        double factor = RotaryFrequencies.plain(base, 2 * f.length)[last] / f[last];
        return same(f[0], 1) && alike(f, base, KEPT) && factor > 1
                ? "base " + number(base) + divided("low frequencies", factor) + magnitude(rope)
                : "frequencies scaled one by one" + magnitude(rope);
    }

    /// How many frequencies are not 0.
    private static int turned(float[] frequencies) {
        int turned = frequencies.length;
        while (turned > 1 && frequencies[turned - 1] == 0) {
            turned--;
        }
        return turned;
    }

    /// The base whose frequencies fall from the first to another as these do, to as many digits as
    /// float32 has.
    private static double base(float first, float other, int index, int pairs) {
        double base = Math.pow(first / (double) other, (double) pairs / index);
        int digits = Math.clamp((int) (6 - Math.log10((double) pairs / index)), 3, 6);
        return new BigDecimal(base).round(new MathContext(digits)).doubleValue();
    }

    /// Whether the highest frequencies fall as those of a base do.
    private static boolean alike(float[] f, double base, int count) {
        float[] plain = RotaryFrequencies.plain(base, 2 * f.length);
        for (int i = 0; i < Math.min(count, f.length); i++) {
            if (!same(f[i] / f[0], plain[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(double a, double b) {
        return Math.abs(a - b) <= SAME * Math.abs(b);
    }

    private static String divided(String which, double factor) {
        double rounded = new BigDecimal(factor).round(new MathContext(4)).doubleValue();
        return " with %s ÷ %s".formatted(which, number(rounded));
    }

    private static String magnitude(Rope.Fixed rope) {
        double rounded = new BigDecimal(rope.magnitude()).round(new MathContext(4)).doubleValue();
        return rope.magnitude() == 1 ? "" : " (turned vectors × %s)".formatted(number(rounded));
    }
}
