package entropylens.jinja;

/// Python's `None`.
enum None {
    NONE
}
