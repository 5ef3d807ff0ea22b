package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.AttentionShape;
import entropylens.model.MixerShape;
import entropylens.model.Positions.Pairing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Gemma 4: blocks without a window have wider heads of their own number, and turn only the first
/// pairs of these; the last blocks read the keys and values of earlier ones; an embedding of each
/// token for every block (E2B, E4B), keys that serve as values (31B), experts beside the MLP
/// (26B-A4B). Of the models that also see and hear, the text part is read.
record Gemma4Family() implements Family {
    private static final Map<String, Integer> WHERE_ABSENT =
            Map.of(
                    "vocab_size", 262_144,
                    "hidden_size", 2304,
                    "intermediate_size", 9216,
                    "num_hidden_layers", 30,
                    "num_attention_heads", 8,
                    "num_key_value_heads", 4,
                    "head_dim", 256,
                    "max_position_embeddings", 131_072);

    /// `rope_parameters` where a file leaves it out.
    private static final String TURNS_WHERE_ABSENT =
            """
            {"sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
             "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.25, "rope_theta": 1000000.0}}
            """;

    @Override
    public String name() {
        return "gemma4_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma4ForCausalLM", "Gemma4ForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Gemma 4 E2B, E4B, 26B-A4B, 31B (text)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        Optional<ConfigJson> text = json.object("text_config");
        if (text.isEmpty()) {
            return ofText(json);
        }
        CommonKeys.withoutEffect(json);
        json.withoutEffect(
                "audio_config",
                "audio_token_id",
                "boa_token_id",
                "boi_token_id",
                "eoa_token_id",
                "eoa_token_index",
                "eoi_token_id",
                "image_token_id",
                "video_token_id",
                "vision_config",
                "vision_soft_tokens_per_image");
        json.mustBe("tie_word_embeddings", true, "an unembedding of its own is not read here");
        return ofText(text.get());
    }

    /// The parts that see and hear; and what blocks that share keys and values do not use.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches("(model\\.)*(vision_tower|audio_tower|embed_vision|embed_audio)\\..*")
                || tensor.matches(".*\\.self_attn\\.(k_proj|v_proj|k_norm|v_norm)\\.weight")
                || Family.super.harmless(tensor);
    }

    private Blueprint ofText(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), WHERE_ABSENT);
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        draft.embeddingScale = Math.sqrt(draft.dModel);
        draft.activation = CommonKeys.activation(json, "hidden_activation", "gelu_pytorch_tanh");
        draft.scoreScale = OptionalDouble.of(1);
        draft.logitSoftcap = json.optionalDouble("final_logit_softcapping");
        if (json.stringOr("use_bidirectional_attention", "vision").equals("all")) {
            throw new CheckpointException(
                    "%s: use_bidirectional_attention is \"all\", but only causal attention is implemented"
                            .formatted(json.file()));
        }
        CommonKeys.withoutEffect(json);
        List<Boolean> sliding = slidingLayers(json, draft.nLayers);
        CommonKeys.windows(json, draft, true, 512, sliding::get);
        Heads heads = Heads.of(json, draft, sliding);
        draft.rotary(
                RopeKeys.proportional(
                        json, heads.windowed.width, heads.full.width, sliding, TURNS_WHERE_ABSENT),
                Pairing.HALVES);
        int shared = json.anyIntOr("num_kv_shared_layers", 0);
        if (shared < 0 || shared >= draft.nLayers) {
            throw new CheckpointException(
                    "%s: num_kv_shared_layers is %d, but must leave at least one of %d blocks its own keys; correct the file or download it again"
                            .formatted(json.file(), shared, draft.nLayers));
        }
        draft.mixers = mixers(json, draft, sliding, heads, draft.nLayers - shared);
        return new Gemma4Layout(json, draft.build(), draft.nLayers - shared).blueprint();
    }

    /// The last block sees everything, whatever the configuration says; so does transformers.
    private static List<Boolean> slidingLayers(ConfigJson json, int nLayers) {
        List<Boolean> sliding =
                new ArrayList<>(
                        CommonKeys.slidingLayers(json, nLayers, layer -> (layer + 1) % 6 != 0));
        if (!sliding.isEmpty()) {
            sliding.set(sliding.size() - 1, false);
        }
        return sliding;
    }

    /// @param own blocks that have keys and values of their own: the first ones
    private static List<MixerShape> mixers(
            ConfigJson json, ConfigDraft draft, List<Boolean> sliding, Heads heads, int own) {
        List<MixerShape> mixers = new ArrayList<>();
        for (int layer = 0; layer < draft.nLayers; layer++) {
            boolean windowed = sliding.get(layer);
            Kind kind = windowed ? heads.windowed : heads.full;
            mixers.add(
                    new AttentionShape(
                            draft.nHeads,
                            kind.keys,
                            kind.width,
                            kind.width,
                            1,
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            false,
                            draft.windows.get(layer),
                            layer < own
                                    ? OptionalInt.empty()
                                    : lastOf(json, sliding.subList(0, own), windowed)));
        }
        return mixers;
    }

    /// Width of a head, and number of key-value heads.
    private record Kind(int width, int keys) {}

    private record Heads(Kind windowed, Kind full) {
        /// As published files say it, or as transformers writes it: block by block, in
        /// `per_layer_config`.
        static Heads of(ConfigJson json, ConfigDraft draft, List<Boolean> sliding) {
            Kind usual = new Kind(draft.dHead, draft.nKvHeads);
            Optional<ConfigJson> each = json.object("per_layer_config");
            if (each.isPresent()) {
                return new Heads(
                        ofBlocks(each.get(), usual, sliding, true),
                        ofBlocks(each.get(), usual, sliding, false));
            }
            OptionalInt keys = json.optionalInt("num_global_key_value_heads");
            boolean own = json.boolOr("attention_k_eq_v", false) && keys.isPresent();
            return new Heads(
                    usual,
                    new Kind(
                            json.intOr("global_head_dim", 512),
                            own ? keys.getAsInt() : draft.nKvHeads));
        }

        private static Kind ofBlocks(
                ConfigJson each, Kind usual, List<Boolean> sliding, boolean windowed) {
            List<Kind> kinds =
                    IntStream.range(0, sliding.size())
                            .filter(layer -> sliding.get(layer) == windowed)
                            .mapToObj(layer -> ofBlock(each, usual, layer))
                            .distinct()
                            .toList();
            if (kinds.size() > 1) {
                throw new CheckpointException(
                        "%s: per_layer_config gives blocks of one kind different heads, which is not implemented"
                                .formatted(each.file()));
            }
            return kinds.isEmpty() ? usual : kinds.getFirst();
        }

        private static Kind ofBlock(ConfigJson each, Kind usual, int layer) {
            return each.object(Integer.toString(layer))
                    .map(one ->
                            new Kind(
                                    one.intOr("head_dim", usual.width),
                                    one.intOr("num_key_value_heads", usual.keys)))
                    .orElse(usual);
        }
    }

    /// The last block of the same kind that has keys and values of its own.
    private static OptionalInt lastOf(ConfigJson json, List<Boolean> own, boolean windowed) {
        int last = own.lastIndexOf(windowed);
        if (last < 0) {
            throw new CheckpointException(
                    "%s: num_kv_shared_layers leaves no block whose keys and values the last blocks could read; correct the file or download it again"
                            .formatted(json.file()));
        }
        return OptionalInt.of(last);
    }
}
