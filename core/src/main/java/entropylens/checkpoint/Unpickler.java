package entropylens.checkpoint;

import entropylens.checkpoint.Pickled.Dict;
import entropylens.checkpoint.Pickled.Global;
import entropylens.checkpoint.Pickled.Int;
import entropylens.checkpoint.Pickled.Scalar;
import entropylens.checkpoint.Pickled.Sequence;
import entropylens.checkpoint.Pickled.Text;
import entropylens.checkpoint.Pickled.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the pickle of a torch file, which in Python is a program: it may name any function and
/// have it called. Here nothing is ever called. The instructions that torch writes for a state dict
/// build [Pickled] values, the names that it uses are known one by one to [TorchNames], and
/// anything else is refused. No instruction recurses, and none costs more than its bytes.
///
/// Instructions: Python's `pickletools.py`, protocol 2.
final class Unpickler {

    /// Fifty thousand tensors, at forty instructions each.
    private static final int MAX_INSTRUCTIONS = 2_000_000;

    private static final int MAX_NAME = 200;

    private final Path file;
    private final ByteBuffer in;
    private final TorchNames names;
    private final List<Pickled> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Pickled> memo = new HashMap<>();

    private Unpickler(Path file, byte[] pickle) {
        this.file = file;
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.names = new TorchNames(file);
    }

    /// The value that `pickle`, from `file`, describes.
    ///
    /// @throws CheckpointException when it is damaged or holds anything but tensors and plain
    ///   values
    static Pickled read(Path file, byte[] pickle) {
        var unpickler = new Unpickler(file, pickle);
        try {
            return unpickler.run();
        } catch (BufferUnderflowException e) {
            throw unpickler.damaged("ends in the middle of an instruction");
        }
    }

    private Pickled run() {
        for (int count = 0; count < MAX_INSTRUCTIONS; count++) {
            int opcode = Byte.toUnsignedInt(in.get());
            if (opcode == '.') {
                Pickled result = pop();
                if (!stack.isEmpty() || !marks.isEmpty() || in.hasRemaining()) {
                    throw damaged("goes on after its end");
                }
                return result;
            }
            run(opcode);
        }
        throw damaged("has more than %,d instructions".formatted(MAX_INSTRUCTIONS));
    }

    private void run(int opcode) {
        switch (opcode) {
            case 0x80 -> requireProtocol2();
            case 'c' -> stack.add(global());
            case 'q' -> memo.put(unsignedByte(), top());
            case 'r' -> memo.put(in.getInt(), top());
            case 'h' -> stack.add(remembered(unsignedByte()));
            case 'j' -> stack.add(remembered(in.getInt()));
            case '(' -> marks.add(stack.size());
            case ')' -> stack.add(new Tuple(List.of()));
            case 't' -> stack.add(new Tuple(sinceMark()));
            case 0x85 -> stack.add(new Tuple(last(1)));
            case 0x86 -> stack.add(new Tuple(last(2)));
            case 0x87 -> stack.add(new Tuple(last(3)));
            case ']' -> stack.add(new Sequence());
            case 'a' -> append(last(1));
            case 'e' -> append(sinceMark());
            case '}' -> stack.add(new Dict());
            case 's' -> set(last(2));
            case 'u' -> set(sinceMark());
            case 'Q' -> stack.add(names.storage(pop()));
            case 'R' -> reduce();
            case 'b' -> build();
            default -> scalar(opcode);
        }
    }

    private void scalar(int opcode) {
        switch (opcode) {
            case 'X' -> stack.add(new Text(text()));
            case 'K' -> stack.add(new Int(unsignedByte()));
            case 'M' -> stack.add(new Int(Short.toUnsignedInt(in.getShort())));
            case 'J' -> stack.add(new Int(in.getInt()));
            case 0x8a -> stack.add(new Int(longInteger()));
            case 'N' -> stack.add(new Scalar("None", "None"));
            case 0x88 -> stack.add(new Scalar("a boolean", "true"));
            case 0x89 -> stack.add(new Scalar("a boolean", "false"));
            case 'G' -> {
                // the one instruction whose number is big-endian
                double value = Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
                stack.add(new Scalar("a float", String.valueOf(value)));
            }
            default ->
                    throw new CheckpointException(
                            "%s: its data.pkl uses the pickle instruction 0x%02X at byte %,d, which torch does not need to store tensors; %s"
                                    .formatted(
                                            file,
                                            opcode,
                                            in.position() - 1,
                                            TorchFile.untrusted()));
        }
    }

    private void requireProtocol2() {
        int protocol = unsignedByte();
        if (protocol != 2) {
            throw new CheckpointException(
                    "%s: its data.pkl is a pickle of protocol %d, but torch.save writes protocol 2 unless told otherwise; %s"
                            .formatted(file, protocol, TorchFile.advice(file)));
        }
    }

    private Global global() {
        return names.global(line() + "." + line());
    }

    private String line() {
        var line = new StringBuilder();
        for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
            if (line.length() == MAX_NAME) {
                throw damaged("has a name of more than %d characters".formatted(MAX_NAME));
            }
            line.append(c >= ' ' && c < 0x7F ? (char) c : '?');
        }
        return line.toString();
    }

    private String text() {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw damaged(
                    "has a string of %s bytes, but only %,d are left"
                            .formatted(Integer.toUnsignedString(length), in.remaining()));
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw damaged("has a string that is not UTF-8");
        }
    }

    /// Little-endian, two's complement, of as many bytes as the first says.
    private long longInteger() {
        int bytes = unsignedByte();
        if (bytes > Long.BYTES) {
            throw damaged("has an integer of %d bytes".formatted(bytes));
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) unsignedByte() << (8 * i);
        }
        int unused = Long.SIZE - 8 * bytes;
        return bytes == 0 ? 0 : value << unused >> unused;
    }

    private int unsignedByte() {
        return Byte.toUnsignedInt(in.get());
    }

    private Pickled remembered(int key) {
        Pickled value = memo.get(key);
        if (value == null) {
            throw damaged(
                    "refers to a value number %s that is not there"
                            .formatted(Integer.toUnsignedString(key)));
        }
        return value;
    }

    private void append(List<Pickled> items) {
        if (!(top() instanceof Sequence list)) {
            throw damaged("appends to what is no list");
        }
        list.items().addAll(items);
    }

    private void set(List<Pickled> items) {
        if (!(top() instanceof Dict dict) || items.size() % 2 != 0) {
            throw damaged("sets an item of what is no dict");
        }
        for (int i = 0; i < items.size(); i += 2) {
            boolean twice =
                    switch (items.get(i)) {
                        case Text(String key) -> dict.entries().put(key, items.get(i + 1)) != null;
                        case Int(long key) -> dict.numbered().put(key, items.get(i + 1)) != null;
                        case Pickled key ->
                                throw damaged("has a dict with " + Pickled.kind(key) + " as a key");
                    };
            if (twice) {
                throw damaged(
                        "has two entries named '%s'"
                                .formatted(TorchFile.shown(name(items.get(i)))));
            }
        }
    }

    private static String name(Pickled key) {
        return key instanceof Text(String value) ? value : String.valueOf(((Int) key).value());
    }

    private void reduce() {
        if (!(pop() instanceof Tuple arguments) || !(pop() instanceof Global function)) {
            throw damaged("calls what is no function");
        }
        stack.add(names.call(function, arguments.items()));
    }

    /// `_metadata` of an OrderedDict (versions of modules) is all that torch sets this way.
    private void build() {
        Pickled state = pop();
        if (!(state instanceof Dict) || !(top() instanceof Dict)) {
            throw damaged("sets the state of %s".formatted(Pickled.kind(top())));
        }
    }

    private Pickled top() {
        requireOnStack(1);
        return stack.getLast();
    }

    private Pickled pop() {
        requireOnStack(1);
        return stack.removeLast();
    }

    private List<Pickled> last(int count) {
        requireOnStack(count);
        return take(stack.size() - count);
    }

    private List<Pickled> sinceMark() {
        if (marks.isEmpty()) {
            throw damaged("ends a group that it did not begin");
        }
        return take(marks.removeLast());
    }

    private List<Pickled> take(int from) {
        List<Pickled> tail = stack.subList(from, stack.size());
        List<Pickled> taken = List.copyOf(tail);
        tail.clear();
        return taken;
    }

    /// What lies below the last mark belongs to somebody else.
    private void requireOnStack(int count) {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - floor < count) {
            throw damaged("takes a value that is not there");
        }
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: its data.pkl %s (byte %,d of %,d); the file is damaged, download it again"
                        .formatted(file, what, in.position(), in.capacity()));
    }
}
