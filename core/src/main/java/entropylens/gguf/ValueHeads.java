package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// Heads of values of delta nets, several of which share a head of keys. In Hugging Face those that
/// share one stand side by side; in files of Qwen 3.5 stand first the first of each head of keys,
/// then the second of each, and so on.
///
/// @param keys heads of keys
/// @param perKey heads of values that share one
/// @param keyWidth elements of a key
/// @param valueWidth elements of a value
record ValueHeads(int keys, int perKey, int keyWidth, int valueWidth) {
    /// Where nothing is reordered.
    static final ValueHeads NONE = new ValueHeads(0, 0, 0, 0);

    static ValueHeads of(ConfigWriter config) {
        int keys = config.require("ssm.group_count");
        int heads = config.require("ssm.time_step_rank");
        int keyWidth = config.require("ssm.state_size");
        int values = config.require("ssm.inner_size");
        boolean shared = keys > 0 && heads > 0 && heads % keys == 0 && values % heads == 0;
        if (!shared || keyWidth < 1 || values < 1) {
            throw config.unsupported(
                    "ssm.group_count is %d, ssm.time_step_rank %d, ssm.state_size %d and ssm.inner_size %d, which cannot be; the file is damaged, download it again"
                            .formatted(keys, heads, keyWidth, values));
        }
        return new ValueHeads(keys, heads / keys, keyWidth, values / heads);
    }

    /// The place of a tensor with its heads of values in order.
    Place ordered(Place place, GgufTensor tensor, Path file) {
        String name = place.name();
        int at = name.indexOf(".linear_attn.");
        if (perKey < 2 || at < 0) {
            return place;
        }
        return switch (name.substring(at + ".linear_attn.".length())) {
            case "in_proj_qkv.weight", "conv1d.weight" ->
                    place.withRows(rows(2 * keys * keyWidth, valueWidth, tensor, file));
            case "in_proj_z.weight" -> place.withRows(rows(0, valueWidth, tensor, file));
            case "in_proj_a.weight", "in_proj_b.weight", "dt_bias", "A_log" ->
                    place.withRows(rows(0, 1, tensor, file));
            case "out_proj.weight" ->
                    place.withColumns(order(0, valueWidth, tensor.rowWeights(), tensor, file));
            default -> place;
        };
    }

    private int[] rows(int before, int width, GgufTensor tensor, Path file) {
        return order(before, width, tensor.shape().getFirst(), tensor, file);
    }

    /// @param before what stands before the values, and stays
    /// @param size of what is ordered
    private int[] order(int before, int width, long size, GgufTensor tensor, Path file) {
        int all = before + keys * perKey * width;
        if (size != all) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but %,d were expected of its heads; the file is damaged, download it again"
                            .formatted(file, tensor.name(), tensor.shape(), all));
        }
        return IntStream.range(0, all)
                .map(i -> {
                    if (i < before) {
                        return i;
                    }
                    int element = (i - before) % width;
                    int head = (i - before) / width;
                    int tiled = head % perKey * keys + head / perKey;
                    return before + tiled * width + element;
                })
                .toArray();
    }
}
