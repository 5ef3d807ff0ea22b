package entropylens.adapter;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tensors of an adapter's file, by module. It does not know what they are for.
final class AdapterTensors {
    private static final List<String> FILES =
            List.of("adapter_model.safetensors", "adapter_model.bin");
    private static final String PREFIX = "base_model.model.";
    private static final int MAX_NAME = 1_000;

    /// What the names of blocks may begin with, also one after the other.
    private static final Set<String> STACKS = Set.of("model", "transformer", "language_model");

    /// `module.lora_A.weight`; with the adapter's own name before `.weight` where PEFT did not save
    /// it. The magnitude has no `.weight` in PEFT's files.
    private static final Pattern PART =
            Pattern.compile(
                    "(.+)\\.lora_(A|B|magnitude_vector|embedding_A|embedding_B)(?:\\.(?!weight$|bias$)[^.]+)?(?:\\.weight)?");

    /// Where a whole module was wrapped.
    private static final Pattern WRAPPER =
            Pattern.compile("\\.(?:base_layer|modules_to_save(?:\\.default)?)(?=\\.[^.]+$)");

    /// What a module may have.
    enum Part {
        DOWN("A"),
        UP("B"),
        MAGNITUDE("magnitude_vector"),
        EMBEDDING_DOWN("embedding_A"),
        EMBEDDING_UP("embedding_B");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        static Part of(String word) {
            for (Part part : values()) {
                if (part.word.equals(word)) {
                    return part;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /// The low-rank tensors of a module.
    ///
    /// @param name of the module, as PEFT has it
    /// @param tensors their names in the file
    record Module(String name, Map<Part, String> tensors) {}

    private final Path file;
    private final Checkpoint checkpoint;
    private final SortedMap<String, Module> modules = new TreeMap<>();
    private final SortedMap<String, String> whole = new TreeMap<>();

    private AdapterTensors(Path file, Checkpoint checkpoint) {
        this.file = file;
        this.checkpoint = checkpoint;
        for (String name : checkpoint.names()) {
            sort(name);
        }
    }

    static AdapterTensors open(Path directory, Arena arena) {
        for (String name : FILES) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                return new AdapterTensors(file, Checkpoint.ofFile(file, arena));
            }
        }
        throw new CheckpointException(
                "%s: there is an adapter_config.json, but no %s beside it; is its download complete?"
                        .formatted(directory, String.join(" or ", FILES)));
    }

    private void sort(String name) {
        if (!name.startsWith(PREFIX) || name.length() > MAX_NAME) {
            throw new CheckpointException(
                    "%s: the name of the tensor '%s' does not begin with %s, or is longer than %,d characters; PEFT saves other names"
                            .formatted(file, shortened(name), PREFIX, MAX_NAME));
        }
        String rest = name.substring(PREFIX.length());
        Matcher part = PART.matcher(rest);
        if (part.matches()) {
            String module = part.group(1);
            Module found =
                    modules.computeIfAbsent(
                            canonical(module),
                            key -> new Module(module, new EnumMap<>(Part.class)));
            String other = found.tensors().put(Part.of(part.group(2)), name);
            refuseTwice(other, name);
        } else {
            String plain = canonical(WRAPPER.matcher(rest).replaceFirst(""));
            refuseTwice(whole.put(plain, name), name);
        }
    }

    private void refuseTwice(@Nullable String other, String name) {
        if (other != null) {
            throw new CheckpointException(
                    "%s: '%s' and '%s' are the same part of the model; save one adapter at a time"
                            .formatted(file, shortened(other), shortened(name)));
        }
    }

    private static String shortened(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "...";
    }

    /// A name without what differs between files of one model: what the stack is called (GPT-2's
    /// `transformer.h.0` and `h.0` are one), and GPT-NeoX's older name of the unembedding.
    static String canonical(String name) {
        String rest = name;
        for (String first = firstWord(rest); STACKS.contains(first); first = firstWord(rest)) {
            rest = rest.substring(first.length() + 1);
        }
        return rest.equals("embed_out") || rest.startsWith("embed_out.")
                ? "lm_head" + rest.substring("embed_out".length())
                : rest;
    }

    private static String firstWord(String name) {
        return name.substring(0, Math.max(0, name.indexOf('.')));
    }

    /// What adapts a module, if anything does.
    ///
    /// @param canonical name of the module
    Optional<Module> module(String canonical) {
        return Optional.ofNullable(modules.get(canonical));
    }

    /// All that are adapted.
    Iterable<Module> modules() {
        return modules.values();
    }

    /// The name in the file of a tensor that replaces one of the model, if there is one.
    ///
    /// @param canonical name of the model's tensor
    Optional<String> whole(String canonical) {
        return Optional.ofNullable(whole.get(canonical));
    }

    /// By canonical name: the names of all such tensors in the file.
    SortedMap<String, String> whole() {
        return whole;
    }

    Path file() {
        return file;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    /// Some names, in words, the first few of them.
    static String some(List<String> names) {
        List<String> first = new ArrayList<>();
        names.subList(0, Math.min(3, names.size())).forEach(name -> first.add(shortened(name)));
        return "'" + String.join("', '", first) + "'" + (names.size() > 3 ? ", ..." : "");
    }
}
