package entropylens.translators;

import java.util.Locale;

/// Refuses what the heap could not hold before any work is done.
final class FitMemory {
    /// Widest stream whose `d × d + d` numbers are one array.
    static final int MAX_WIDTH = 46_339;

    private FitMemory() {}

    /// @throws IllegalArgumentException when matrices of this width cannot be held in one array
    static void requireWidth(String what, int d) {
        if (d > MAX_WIDTH) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s of a stream of width %,d has matrices that are larger than an array may be; up to %,d can be fitted, and the kind mean of any",
                            what,
                            d,
                            MAX_WIDTH));
        }
    }

    /// @param what takes the memory, and how: `a ridge lens of 12 layers … is summed up`
    /// @param needed bytes
    /// @param most bytes that the JVM may use
    /// @param instead what else to do than to give it more
    /// @throws IllegalArgumentException when it is more
    static void require(String what, long needed, long most, String instead) {
        if (needed > most) {
            throw new IllegalArgumentException(message(what, needed, most, instead));
        }
    }

    static String message(String what, long needed, long most, String instead) {
        return String.format(
                Locale.ROOT,
                "%s in %,d MiB of memory, but the JVM may use %,d; give it more (-Xmx), or %s",
                what,
                needed >> 20,
                most >> 20,
                instead);
    }
}
