package entropylens.bench;

import entropylens.bench.RandomWeights.Shape;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.WeightType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the table is to have.
///
/// @param parts rows
/// @param types of weights, by the names of their formats
/// @param batches texts that decode together
/// @param shape of the model
/// @param seconds that each row is measured for, and warmed up for
/// @param jvm options of the processes that measure
record RooflineOptions(
        Set<Part> parts,
        List<String> types,
        List<Integer> batches,
        Shape shape,
        int threads,
        double seconds,
        List<String> jvm) {
    /// Rows of the table.
    enum Part {
        READOUT,
        PREFILL,
        DECODE,
        ATTENTION,
        STUDY
    }

    /// In the place of a type: forks that measure no weights.
    static final String ATTENTION = "attention";

    static final String STUDY = "study";

    static final String USAGE =
            """
            usage: bench/run [PART …] [--types T,…] [--batch N,…] [--shape llama|gpt2] [--threads N] [--seconds S] [-JVM-OPTION …]
                   bench/run jmh [JMH'S ARGUMENTS]

            PART     readout, prefill, decode, attention, study; all of them by default
            --types  F32, BF16, F16, Q8_0, Q6_K, Q5_K, Q4_K, Q4_0 by default; `all` adds every other type that is read
            --batch  texts that decode together; 1,4,16,64 by default
            --shape  of the model of random weights: Llama's, 310 M weights, or GPT-2 small's, stored input by input (floats only)
            -XX:…    options of the JVM that measures; -XX:UseAVX=2 restricts a processor with AVX-512 to vectors of 8 floats
            """;

    private static final List<String> USUAL =
            List.of("F32", "BF16", "F16", "Q8_0", "Q6_K", "Q5_K", "Q4_K", "Q4_0");

    RooflineOptions {
        parts = Set.copyOf(parts);
        types = List.copyOf(types);
        batches = List.copyOf(batches);
        jvm = List.copyOf(jvm);
    }

    boolean has(Part part) {
        return parts.contains(part);
    }

    /// Whether any row needs a checkpoint for each type.
    boolean needsTypes() {
        return has(Part.READOUT) || has(Part.PREFILL) || has(Part.DECODE);
    }

    /// @throws IllegalArgumentException when they make no sense
    static RooflineOptions of(List<String> args) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        List<String> types = USUAL;
        boolean typesGiven = false;
        List<Integer> batches = List.of(1, 4, 16, 64);
        Shape shape = Shape.LLAMA_SHORT;
        int threads = Runtime.getRuntime().availableProcessors();
        double seconds = 1.2;
        List<String> jvm = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "--types" -> {
                    types = types(value(args, ++i));
                    typesGiven = true;
                }
                case "--batch" -> batches = numbers(value(args, ++i));
                case "--shape" -> shape = shape(value(args, ++i));
                case "--threads" -> threads = numbers(value(args, ++i)).getFirst();
                case "--seconds" -> seconds = Double.parseDouble(value(args, ++i));
                default -> {
                    if (arg.startsWith("-X") || arg.startsWith("-D")) {
                        jvm.add(arg);
                    } else {
                        parts.add(part(arg));
                    }
                }
            }
        }
        if (threads != Runtime.getRuntime().availableProcessors()) {
            jvm.add("-XX:ActiveProcessorCount=" + threads);
        }
        if (parts.isEmpty()) {
            parts.addAll(EnumSet.allOf(Part.class));
        }
        if (!shape.gated()) {
            types = floats(types, typesGiven);
        }
        return new RooflineOptions(parts, types, batches, shape, threads, seconds, jvm);
    }

    private static String value(List<String> args, int i) {
        if (i == args.size()) {
            throw new IllegalArgumentException(args.get(i - 1) + " needs a value");
        }
        return args.get(i);
    }

    private static Part part(String name) {
        for (Part part : Part.values()) {
            if (part.name().toLowerCase(Locale.ROOT).equals(name)) {
                return part;
            }
        }
        throw new IllegalArgumentException("no part of the table is called " + name);
    }

    private static Shape shape(String name) {
        return switch (name) {
            case "llama" -> Shape.LLAMA_SHORT;
            case "gpt2" -> Shape.GPT2_SMALL;
            default -> throw new IllegalArgumentException("no shape is called " + name);
        };
    }

    private static List<Integer> numbers(String words) {
        List<Integer> numbers = Arrays.stream(words.split(",")).map(Integer::valueOf).toList();
        if (numbers.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(words + " must be 1 or more");
        }
        return numbers;
    }

    private static List<String> types(String words) {
        List<String> all = new ArrayList<>(USUAL);
        for (BlockFormat format : BlockFormat.values()) {
            if (!all.contains(format.name())) {
                all.add(format.name());
            }
        }
        all.addAll(StoredCodes.OF_MODELS);
        if (words.equals("all")) {
            return all;
        }
        List<String> types = List.of(words.split(","));
        for (String type : types) {
            if (!all.contains(type)) {
                throw new IllegalArgumentException(
                        "no type of weights is called %s; these are read: %s"
                                .formatted(type, String.join(", ", all)));
            }
        }
        return types;
    }

    private static List<String> floats(List<String> types, boolean given) {
        List<String> floats =
                types.stream()
                        .filter(type -> RandomCheckpoint.isOneOf(WeightType.values(), type))
                        .toList();
        if (given && floats.size() < types.size()) {
            throw new IllegalArgumentException(
                    "matrices of GPT-2's shape are stored input by input, which only F32, BF16 and F16 are, but asked for are "
                            + types);
        }
        return floats;
    }
}
