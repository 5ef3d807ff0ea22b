package entropylens.jinja;

/// What a template may use: steps, characters or elements it makes, nested calls. Each is counted
/// before it is done, so that a template that never ends, or that doubles a text forty times, stops
/// early and at the same place on every machine.
final class Budget {
    /// A template of 400 lines needs some 2,000 steps for ten messages.
    private static final long STEPS = 5_000_000;

    /// Of all texts and lists that are made on the way, in characters and elements.
    private static final long SIZE = 50_000_000;

    private static final int DEPTH = 600;

    private long steps;
    private long size;
    private int depth;

    private Budget(long steps, long size) {
        this.steps = steps;
        this.size = size;
    }

    static Budget whole() {
        return new Budget(STEPS, SIZE);
    }

    /// For what is small by itself.
    static Budget small() {
        return new Budget(STEPS, SIZE);
    }

    void step() {
        if (--steps < 0) {
            throw new Fault("more than %,d steps; the template does not end".formatted(STEPS));
        }
    }

    /// For work or memory in proportion to `amount`.
    void take(long amount) {
        size -= Math.max(amount, 0);
        if (size < 0) {
            throw new Fault(
                    "more than %,d characters of text are made; the template is out of bounds"
                            .formatted(SIZE));
        }
    }

    String take(String text) {
        take(text.length());
        return text;
    }

    /// For looking for `what` in a text, at worst.
    void search(String text, String what) {
        take((long) text.length() * Math.max(1, what.length()) / 64);
    }

    void enter() {
        step();
        if (++depth > DEPTH) {
            throw new Fault(
                    "more than %d calls, expressions or values inside each other".formatted(DEPTH));
        }
    }

    void leave() {
        depth--;
    }
}
