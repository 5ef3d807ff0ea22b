package entropylens.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the pickle of a torch file may hold: values without behaviour. Lists may contain
/// themselves, so nothing here is compared, hashed or printed as a whole.
sealed interface Pickled {

    /// A string.
    record Text(String value) implements Pickled {}

    /// An integer of 64 bits.
    record Int(long value) implements Pickled {}

    /// A float, a boolean or `None`: nothing that a tensor is made of.
    ///
    /// @param text as Java writes it
    record Scalar(String kind, String text) implements Pickled {}

    /// A tuple.
    record Tuple(List<Pickled> items) implements Pickled {}

    /// A list.
    record Sequence(List<Pickled> items) implements Pickled {
        Sequence() {
            this(new ArrayList<>());
        }
    }

    /// A dict or an OrderedDict with keys that are strings or integers.
    ///
    /// @param entries by names
    /// @param numbered by integers
    record Dict(Map<String, Pickled> entries, Map<Long, Pickled> numbered) implements Pickled {
        Dict() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    /// A name that the pickle refers to, from [TorchNames].
    record Global(String name) implements Pickled {}

    /// A block of bytes in the archive.
    ///
    /// @param dtype the type of its elements; null if only its users know, and `length` is in bytes
    record Storage(String key, @Nullable DType dtype, long length) implements Pickled {}

    /// A tensor: a view of a storage. Offset and strides count elements.
    record View(Storage storage, DType dtype, long offset, List<Long> shape, List<Long> strides)
            implements Pickled {}

    /// How a message calls it.
    static String kind(Pickled value) {
        return switch (value) {
            case Text _ -> "a string";
            case Int _ -> "an integer";
            case Scalar scalar -> scalar.kind();
            case Tuple _ -> "a tuple";
            case Sequence _ -> "a list";
            case Dict _ -> "a dict";
            case Global global -> "the name " + global.name();
            case Storage _ -> "a storage";
            case View _ -> "a tensor";
        };
    }
}
