package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;
import java.util.stream.IntStream;

/// LFM2: gated short convolutions in most blocks, attention with norms of queries and keys in the
/// others.
record Lfm2Family() implements Family {
    @Override
    public String name() {
        return "lfm2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Lfm2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "LFM2 and LFM2.5, 230M to 2.6B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConvolutionLayout.draft(json, name());
        draft.dMlp = mlpWidth(json, json.intOr("block_ff_dim", draft.dMlp));
        return ConvolutionLayout.layout(json, draft, types(json, draft.nLayers)).blueprint();
    }

    /// `layer_types`, or what the first files have: the blocks with attention, by their numbers.
    private static List<String> types(ConfigJson json, int nLayers) {
        int[] listed = json.ints("full_attn_idxs");
        List<String> types = json.strings("layer_types");
        if (!types.isEmpty()) {
            return types;
        }
        List<Integer> attending = IntStream.of(listed).boxed().toList();
        boolean everywhere = !json.has("full_attn_idxs");
        return IntStream.range(0, nLayers)
                .mapToObj(layer ->
                        everywhere || attending.contains(layer) ? "full_attention" : "conv")
                .toList();
    }

    /// What the file names is not the width: two thirds of it are, times a factor, rounded up.
    private static int mlpWidth(ConfigJson json, int named) {
        int multiple = json.intOr("block_multiple_of", 256);
        double factor = json.doubleOr("block_ffn_dim_multiplier", 1);
        if (!json.boolOr("block_auto_adjust_ff_dim", true)) {
            return named;
        }
        int width = (int) (2.0 * named / 3);
        if (json.mentions("block_ffn_dim_multiplier") && !json.has("block_ffn_dim_multiplier")) {
            return width; // null
        }
        width = (int) (factor * width);
        return Math.toIntExact(Math.ceilDiv((long) width, multiple) * multiple);
    }
}
