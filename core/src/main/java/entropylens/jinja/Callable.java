package entropylens.jinja;

/// What a template may call.
@FunctionalInterface
interface Callable {
    Object call(Given given);
}
