package entropylens.checkpoint;

import entropylens.checkpoint.Pickled.Dict;
import entropylens.checkpoint.Pickled.Global;
import entropylens.checkpoint.Pickled.Int;
import entropylens.checkpoint.Pickled.Scalar;
import entropylens.checkpoint.Pickled.Storage;
import entropylens.checkpoint.Pickled.Text;
import entropylens.checkpoint.Pickled.Tuple;
import entropylens.checkpoint.Pickled.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names that the pickle of a torch file may use, and what they stand for here. As in
/// `torch/_utils.py` and `torch/_weights_only_unpickler.py`, but nothing is called: a name of a
/// function only says how its arguments are to be read.
final class TorchNames {

    private static final String ORDERED_DICT = "collections.OrderedDict";
    private static final String TENSOR_V2 = "torch._utils._rebuild_tensor_v2";
    private static final String TENSOR_V3 = "torch._utils._rebuild_tensor_v3";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String UNTYPED = "torch.storage.UntypedStorage";

    /// As in torch. A pickle may refer to one long tuple from many tensors, and each copies it.
    private static final int MAX_RANK = 64;

    private static final Set<String> OTHERS =
            Set.of(ORDERED_DICT, TENSOR_V2, TENSOR_V3, PARAMETER, UNTYPED);

    private static final Map<String, DType> STORAGES =
            Map.of(
                    "torch.FloatStorage", DType.F32,
                    "torch.HalfStorage", DType.F16,
                    "torch.BFloat16Storage", DType.BF16,
                    "torch.DoubleStorage", DType.F64,
                    "torch.LongStorage", DType.I64,
                    "torch.IntStorage", DType.I32,
                    "torch.ShortStorage", DType.I16,
                    "torch.CharStorage", DType.I8,
                    "torch.ByteStorage", DType.U8,
                    "torch.BoolStorage", DType.BOOL);

    /// The types that have no storage of their own.
    private static final Map<String, DType> DTYPES =
            Map.of(
                    "torch.uint16", DType.U16,
                    "torch.uint32", DType.U32,
                    "torch.uint64", DType.U64,
                    "torch.float8_e4m3fn", DType.F8_E4M3,
                    "torch.float8_e5m2", DType.F8_E5M2);

    private final Path file;

    TorchNames(Path file) {
        this.file = file;
    }

    /// @throws CheckpointException when it is not one of the names for tensors
    Global global(String name) {
        if (OTHERS.contains(name) || STORAGES.containsKey(name) || DTYPES.containsKey(name)) {
            return new Global(name);
        }
        throw new CheckpointException(
                "%s: its data.pkl refers to '%s', which torch does not need to store plain tensors; %s"
                        .formatted(file, name, TorchFile.untrusted()));
    }

    /// What `function` would make of these arguments.
    Pickled call(Global function, List<Pickled> arguments) {
        return switch (function.name()) {
            case ORDERED_DICT -> {
                require(arguments.isEmpty(), "an OrderedDict with arguments");
                yield new Dict();
            }
            case PARAMETER -> {
                require(
                        arguments.size() == 3 && arguments.getFirst() instanceof View,
                        "a parameter that is no tensor");
                yield arguments.getFirst();
            }
            case TENSOR_V2 -> tensor(arguments, 6, null);
            case TENSOR_V3 -> {
                boolean named = arguments.size() > 6 && arguments.get(6) instanceof Global;
                require(named, "a tensor without a type");
                yield tensor(arguments, 7, DTYPES.get(((Global) arguments.get(6)).name()));
            }
            default -> throw damaged("calls %s, which is no function".formatted(function.name()));
        };
    }

    /// The storage that `('storage', type, key, device, length)` names.
    Storage storage(Pickled id) {
        List<Pickled> parts = id instanceof Tuple tuple ? tuple.items() : List.of();
        if (parts.size() == 5
                && parts.get(0) instanceof Text(String kind)
                && kind.equals("storage")
                && parts.get(1) instanceof Global(String type)
                && (type.equals(UNTYPED) || STORAGES.containsKey(type))
                && parts.get(2) instanceof Text(String key)
                && parts.get(4) instanceof Int(long length)
                && length >= 0) {
            return new Storage(key, STORAGES.get(type), length);
        }
        throw damaged("names a storage in an unknown way");
    }

    /// `(storage, offset, sizes, strides, requires_grad, hooks)`, for version 3 with the type at
    /// the end, and possibly metadata (of complex numbers and negated views) after that.
    private View tensor(List<Pickled> arguments, int count, @Nullable DType given) {
        boolean plain =
                arguments.size() == count
                        || (arguments.size() == count + 1 && isEmpty(arguments.getLast()));
        if (!plain
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Int(long offset))) {
            throw damaged("describes a tensor in an unknown way");
        }
        DType dtype = given == null ? storage.dtype() : given;
        if (dtype == null) {
            throw damaged("holds a tensor without a type");
        }
        List<Long> shape = sizes(arguments.get(2));
        List<Long> strides = sizes(arguments.get(3));
        require(shape.size() == strides.size(), "a tensor with other strides than sizes");
        require(offset >= 0, "a tensor that begins in front of its storage");
        return new View(storage, dtype, offset, shape, strides);
    }

    private static boolean isEmpty(Pickled metadata) {
        return metadata instanceof Scalar(String kind, String _)
                ? kind.equals("None")
                : metadata instanceof Dict dict
                        && dict.entries().isEmpty()
                        && dict.numbered().isEmpty();
    }

    private List<Long> sizes(Pickled value) {
        require(value instanceof Tuple, "a tensor without sizes or strides");
        List<Pickled> items = ((Tuple) value).items();
        require(items.size() <= MAX_RANK, "a tensor of more than " + MAX_RANK + " dimensions");
        var sizes = new ArrayList<Long>();
        for (Pickled item : items) {
            if (!(item instanceof Int(long size)) || size < 0) {
                throw damaged("holds a tensor whose sizes or strides are no counts");
            }
            sizes.add(size);
        }
        return sizes;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw damaged("holds " + otherwise);
        }
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: its data.pkl %s; the file is damaged, download it again"
                        .formatted(file, what));
    }
}
