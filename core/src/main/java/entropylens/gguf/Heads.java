package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The heads of a model, and in which order their rows lie.
///
/// @param queries heads of queries
/// @param keys heads of keys, and of values
/// @param width elements of a head
record Heads(int queries, int keys, int width) {
    /// Where nothing attends.
    private static final Heads NONE = new Heads(0, 0, 0);

    /// As the metadata of an architecture say; as many of keys as of queries, where blocks differ.
    static Heads of(GgufMetadata metadata, Architecture of) {
        if (!of.attends()) {
            return NONE;
        }
        String architecture = of.key();
        int queries = metadata.requireInteger(architecture + ".attention.head_count");
        int keys = keys(metadata, of).orElse(queries);
        int model = metadata.requireInteger(architecture + ".embedding_length");
        int width =
                metadata.integer(architecture + ".attention.key_length")
                        .orElse(queries < 1 ? 0 : model / queries);
        if (queries < 1 || keys < 1 || width < 1 || queries % keys != 0) {
            throw new CheckpointException(
                    "%s: its metadata say that there are %d heads of queries and %d of keys, with %d elements each, which cannot be; the file is damaged, download it again"
                            .formatted(metadata.file(), queries, keys, width));
        }
        return new Heads(queries, keys, width);
    }

    /// Where not all blocks attend, those that do have as many.
    private static OptionalInt keys(GgufMetadata metadata, Architecture of) {
        String key = of.key() + "." + UnreadMetadata.HEADS;
        if (of.hasHeadsOfEachBlock()) {
            return OptionalInt.empty();
        }
        if (!of.listsHeads() || !metadata.isList(key)) {
            return metadata.integer(key);
        }
        int[] counts =
                IntStream.of(metadata.integers(key))
                        .filter(count -> count != 0)
                        .distinct()
                        .toArray();
        if (counts.length > 1) {
            throw new CheckpointException(
                    "%s: '%s' says that there are %s heads of keys, but blocks that attend are read with as many each; this variant of the model is not supported"
                            .formatted(metadata.file(), key, Arrays.toString(counts)));
        }
        return IntStream.of(counts).findFirst();
    }

    /// Rows of queries or keys that llama.cpp reordered, so that the two elements that turn
    /// together lie side by side: which one each row of Hugging Face's order is, in which they lie
    /// half a head apart.
    int[] halves(int heads) {
        int half = width / 2;
        return IntStream.range(0, heads * width)
                .map(row -> {
                    int inHead = row % width;
                    return row - inHead + inHead % half * 2 + inHead / half;
                })
                .toArray();
    }

    /// Rows of queries, keys and values that lie apart in the file, and here group by group: the
    /// queries of a group, its key, its value.
    int[] groups() {
        int perGroup = queries / keys;
        int groupRows = (perGroup + 2) * width;
        int firstKey = queries * width;
        int firstValue = firstKey + keys * width;
        return IntStream.range(0, keys * groupRows)
                .map(row -> {
                    int group = row / groupRows;
                    int inGroup = row % groupRows;
                    int head = inGroup / width;
                    int element = inGroup % width;
                    if (head < perGroup) {
                        return (group * perGroup + head) * width + element;
                    }
                    return (head == perGroup ? firstKey : firstValue) + group * width + element;
                })
                .toArray();
    }

    /// Rows of queries, of keys, or of values, cut out of one tensor of all three.
    int[] part(int which) {
        int firstKey = queries * width;
        int keyRows = keys * width;
        return switch (which) {
            case 0 -> IntStream.range(0, firstKey).toArray();
            case 1 -> IntStream.range(firstKey, firstKey + keyRows).toArray();
            default -> IntStream.range(firstKey + keyRows, firstKey + 2 * keyRows).toArray();
        };
    }

    /// Rows of queries, keys and values together.
    long allRows() {
        return (queries + 2L * keys) * width;
    }
}
