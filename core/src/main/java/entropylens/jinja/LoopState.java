package entropylens.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `loop`: where a loop is.
final class LoopState {
    private final List<Object> elements;
    private final int depth;
    private final @Nullable Callable recursion;
    private int index = -1;
    private @Nullable List<Object> changedLast;

    /// @param recursion what a call of `loop` does in a recursive loop
    LoopState(List<Object> elements, int depth, @Nullable Callable recursion) {
        this.elements = elements;
        this.depth = depth;
        this.recursion = recursion;
    }

    boolean advance() {
        return ++index < elements.size();
    }

    Object element() {
        return elements.get(index);
    }

    int length() {
        return elements.size();
    }

    Callable recursion() {
        if (recursion == null) {
            throw new Fault("a loop is called, but is not 'recursive'");
        }
        return recursion;
    }

    Object attribute(String name, Budget budget) {
        return switch (name) {
            case "index" -> (long) index + 1;
            case "index0" -> (long) index;
            case "revindex" -> (long) elements.size() - index;
            case "revindex0" -> (long) elements.size() - index - 1;
            case "first" -> index == 0;
            case "last" -> index == elements.size() - 1;
            case "length" -> (long) elements.size();
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "previtem" -> neighbour(index - 1, "there is no previous item");
            case "nextitem" -> neighbour(index + 1, "there is no next item");
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) given -> changed(given, budget);
            default -> Undefined.attribute(this, name);
        };
    }

    String repr() {
        return "<LoopContext %d/%d>".formatted(index + 1, elements.size());
    }

    private Object neighbour(int at, String otherwise) {
        return at >= 0 && at < elements.size() ? elements.get(at) : new Undefined(otherwise);
    }

    private Object cycle(Given given) {
        List<Object> items = given.positional();
        if (items.isEmpty()) {
            throw new Fault("loop.cycle() needs items");
        }
        return items.get(index % items.size());
    }

    private Object changed(Given given, Budget budget) {
        List<Object> now = new ArrayList<>(given.positional());
        boolean same = changedLast != null && Comparisons.equal(changedLast, now, budget);
        changedLast = now;
        return !same;
    }
}
