package entropylens.checkpoint;

import entropylens.checkpoint.Pickled.Dict;
import entropylens.checkpoint.Pickled.Int;
import entropylens.checkpoint.Pickled.Scalar;
import entropylens.checkpoint.Pickled.Sequence;
import entropylens.checkpoint.Pickled.Text;
import entropylens.checkpoint.Pickled.View;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// A file in which `torch.save` wrote a dict of plain values and of tensors by number, mapped. What
/// [Checkpoint] says of such files holds here too: nothing in it is executed.
public final class TorchDict {
    private final Path file;
    private final Dict dict;
    private final String numbered;
    private final Checkpoint tensors;

    private TorchDict(Path file, Dict dict, String numbered, Checkpoint tensors) {
        this.file = file;
        this.dict = dict;
        this.numbered = numbered;
        this.tensors = tensors;
    }

    /// Checks the file, then maps it into `arena`, which the caller owns.
    ///
    /// @param numbered the entry that holds tensors by number
    /// @throws CheckpointException when it is damaged, is no dict, or lacks that entry
    public static TorchDict open(Path file, String numbered, Arena arena) {
        var read = new ArrayList<Dict>();
        TorchFile mapped =
                TorchFile.open(
                        file,
                        arena,
                        (root, entries, pickle) -> {
                            Dict dict = dict(file, Unpickler.read(file, pickle));
                            read.add(dict);
                            var layouts = new LinkedHashMap<String, TorchLayout>();
                            views(file, dict, numbered)
                                    .forEach((number, view) -> {
                                        String name = name(numbered, number);
                                        layouts.put(
                                                name,
                                                TorchLayout.of(file, name, view, root, entries));
                                    });
                            return layouts;
                        });
        return new TorchDict(file, read.getFirst(), numbered, Checkpoint.of(mapped, arena));
    }

    private static Dict dict(Path file, Pickled value) {
        if (value instanceof Dict dict) {
            return dict;
        }
        throw new CheckpointException(
                "%s: holds %s, but a dict was expected".formatted(file, Pickled.kind(value)));
    }

    private static String name(String numbered, long number) {
        return numbered + "." + number;
    }

    private static SortedMap<Long, View> views(Path file, Dict dict, String numbered) {
        Pickled found = dict.entries().get(numbered);
        if (!(found instanceof Dict all)) {
            throw new CheckpointException(
                    "%s: its entry '%s' is %s, but a dict of tensors by number was expected; it has %s"
                            .formatted(
                                    file,
                                    numbered,
                                    found == null ? "missing" : Pickled.kind(found),
                                    shownNames(dict)));
        }
        var views = new TreeMap<Long, View>();
        all.numbered().forEach((number, value) -> put(file, views, numbered, number, value));
        all.entries()
                .forEach((name, value) -> put(file, views, numbered, number(file, name), value));
        if (views.isEmpty()) {
            throw new CheckpointException(
                    "%s: its entry '%s' holds no tensors".formatted(file, numbered));
        }
        return views;
    }

    private static void put(
            Path file, Map<Long, View> views, String numbered, long number, Pickled value) {
        if (!(value instanceof View view)) {
            throw new CheckpointException(
                    "%s: '%s' is %s, but should be a tensor"
                            .formatted(file, name(numbered, number), Pickled.kind(value)));
        }
        if (views.put(number, view) != null) {
            throw new CheckpointException(
                    "%s: '%s' is there twice".formatted(file, name(numbered, number)));
        }
    }

    private static long number(Path file, String key) {
        if (!key.matches("[0-9]{1,18}")) {
            throw new CheckpointException(
                    "%s: '%s' should be the number of a tensor"
                            .formatted(file, TorchFile.shown(key)));
        }
        return Long.parseLong(key);
    }

    private static String shownNames(Dict dict) {
        List<String> names = dict.entries().keySet().stream().limit(10).toList();
        return names.isEmpty()
                ? "no names"
                : "'" + TorchFile.shown(String.join("', '", names)) + "'";
    }

    /// The numbers of the tensors, in order.
    public List<Long> numbers() {
        return List.copyOf(views(file, dict, numbered).keySet());
    }

    /// The tensors, named `entry.number`.
    public Checkpoint tensors() {
        return tensors;
    }

    /// A whole number; empty where there is none of this name.
    ///
    /// @throws CheckpointException when it is something else
    public OptionalLong integer(String name) {
        Pickled value = dict.entries().get(name);
        return switch (value) {
            case null -> OptionalLong.empty();
            case Int(long number) -> OptionalLong.of(number);
            case Pickled other -> throw notA(name, "a whole number", other);
        };
    }

    /// A list of whole numbers; empty where there is none of this name.
    ///
    /// @throws CheckpointException when it is something else
    public Optional<List<Long>> integers(String name) {
        Pickled value = dict.entries().get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Sequence(List<Pickled> items))) {
            throw notA(name, "a list of whole numbers", value);
        }
        var numbers = new ArrayList<Long>();
        for (Pickled item : items) {
            if (!(item instanceof Int(long number))) {
                throw notA(name, "a list of whole numbers", item);
            }
            numbers.add(number);
        }
        return Optional.of(List.copyOf(numbers));
    }

    private CheckpointException notA(String name, String expected, Pickled found) {
        return new CheckpointException(
                "%s: '%s' should be %s, but is or holds %s; the file is damaged, download it again"
                        .formatted(file, name, expected, Pickled.kind(found)));
    }

    /// Strings and numbers of a dict of this name, as text; none where there is no such dict.
    public SortedMap<String, String> texts(String name) {
        var texts = new TreeMap<String, String>();
        if (dict.entries().get(name) instanceof Dict found) {
            found.entries()
                    .forEach((key, value) -> {
                        switch (value) {
                            case Text(String text) -> texts.put(key, TorchFile.shown(text));
                            case Int(long number) -> texts.put(key, String.valueOf(number));
                            case Scalar(String kind, String text) -> {
                                if (!kind.equals("None")) {
                                    texts.put(key, text);
                                }
                            }
                            case Pickled _ -> {} // what is nested says nothing that is shown
                        }
                    });
        }
        return texts;
    }
}
