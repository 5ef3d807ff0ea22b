package entropylens.web;

/// What one request may take. Whoever needs more runs the command line.
final class Limits {
    /// Bytes of a request's body.
    static final int BODY = 1 << 20;

    /// Characters of a text, before it is tokens.
    static final int CHARACTERS = 200_000;

    /// Tokens of a prompt.
    static final int PROMPT = 4096;

    /// Tokens to generate.
    static final int TOKENS = 1024;

    /// Texts that are sampled from one prompt.
    static final int SAMPLES = 16;

    /// Numbers of a result: positions × layers × (statistics, and two for each of the top k).
    static final long NUMBERS = 20_000_000;

    /// Requests that wait for the one that computes.
    static final int WAITING = 8;

    /// How long one waits, in seconds.
    static final int PATIENCE = 120;

    /// Bytes of a stream that may wait for its reader.
    static final int UNREAD = 4 << 20;

    /// How long the reader of a stream may keep its text waiting, in seconds.
    static final int READING = 20;

    /// Sessions that are held for texts that go on from them.
    static final int HELD = 4;

    /// Share of the heap that they may take: one in so many.
    static final int HELD_SHARE = 8;

    /// Untrained twins that are held.
    static final int TWINS = 4;

    /// Bytes that the weights of all twins may take, outside the heap.
    static final long TWIN_BYTES = 2L << 30;

    private Limits() {}

    /// Texts of a run in one answer.
    static final int LISTED = 50;
}
