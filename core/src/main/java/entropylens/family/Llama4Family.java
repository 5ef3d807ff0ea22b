package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.AttentionShape;
import entropylens.model.MixerShape;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import entropylens.model.Routing;
import entropylens.model.ScoreGrowth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Llama 4: most blocks turn queries and keys and see a chunk of the text; the others turn nothing,
/// see all of it, and have scores that grow with the position. Experts of some or all blocks read
/// what they are given times their share. Of the models that also see pictures the text part is
/// read.
record Llama4Family() implements Family {
    private static final String CHUNK = "attention_chunk_size";
    private static final String MOE_LAYERS = "moe_layers";

    @Override
    public String name() {
        return "llama4_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Llama4ForCausalLM", "Llama4ForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Llama 4 Scout and Maverick (text), MobileLLM-R1";
    }

    @Override
    public List<String> unembeds() {
        return List.of("lm_head", "language_model.lm_head");
    }

    /// The part that sees pictures.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches("(model\\.)?(vision_model|multi_modal_projector)\\..*")
                || Family.super.harmless(tensor);
    }

    @Override
    public Blueprint read(ConfigJson whole) {
        ConfigJson json =
                TextPart.of(
                                whole,
                                false,
                                "boi_token_id",
                                "boi_token_index",
                                "eoi_token_id",
                                "eoi_token_index",
                                "image_token_id",
                                "image_token_index")
                        .json();
        ConfigDraft draft = ConfigDraft.llama(json, name(), whereAbsent(json));
        // the text part decides, unlike in other models that see pictures
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", false);
        List<Boolean> turned = SmolLm3Family.turned(json, draft.nLayers);
        Rope rope = RopeKeys.read(json, draft.dHead, 500_000);
        draft.rotary(
                turned.stream().map(isTurned -> isTurned ? rope : Rope.NONE).toList(),
                Pairing.NEIGHBOURS);
        draft.mixers = mixers(json, draft, turned);
        int width = json.intOr("intermediate_size_mlp", 16_384);
        ExpertLayout experts = experts(json, draft);
        draft.dMlp = Math.max(draft.dMlp, width);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        double eps = json.doubleOr("rms_norm_eps", 1e-5);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.rms(eps));
        layout.stacks = List.of("model.", "language_model.model.");
        layout.mlpRoom = experts.room;
        layout.mlpWidth = width;
        layout.experts = experts;
        boolean biased = json.boolOr("attention_bias", false);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        if (json.boolOr("use_qk_norm", true)) {
            layout.queryKeyNorm = LlamaLayout.QueryKeyNorm.HEAD;
            layout.headNorm = NormReader.rmsWithoutWeights(eps);
            layout.normedHeads = turned::get;
        }
        return layout.blueprint();
    }

    /// As in transformers, which takes `null` for something else.
    private static Map<String, Integer> whereAbsent(ConfigJson json) {
        Map<String, Integer> sizes =
                new HashMap<>(Map.of("num_key_value_heads", 8, "head_dim", 128));
        sizes.keySet().removeIf(json::mentions);
        return sizes;
    }

    private static List<MixerShape> mixers(
            ConfigJson json, ConfigDraft draft, List<Boolean> turned) {
        Optional<ScoreGrowth> growth = growth(json);
        List<Boolean> chunked =
                CommonKeys.partialLayers(json, draft.nLayers, "chunked_attention", turned::get);
        OptionalInt chunk = json.mentions(CHUNK) ? json.optionalInt(CHUNK) : OptionalInt.of(8192);
        if (chunk.isEmpty() && chunked.contains(true)) {
            throw new CheckpointException(
                    "%s: %s is null, but there are blocks that see a chunk of the text; state it, or download the file again"
                            .formatted(json.file(), CHUNK));
        }
        return IntStream.range(0, draft.nLayers)
                .<MixerShape>mapToObj(layer ->
                        new AttentionShape(
                                draft.nHeads,
                                draft.nKvHeads,
                                draft.dHead,
                                draft.dHead,
                                1 / Math.sqrt(draft.dHead),
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                true,
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                turned.get(layer) ? Optional.empty() : growth,
                                chunked.get(layer) ? chunk : OptionalInt.empty()))
                .toList();
    }

    /// Published files say 4 where they mean that scores grow.
    private static Optional<ScoreGrowth> growth(ConfigJson json) {
        double beta = json.doubleOr("attn_scale", 0.1);
        int context = json.intOr("floor_scale", 8192);
        return json.truthOr("attn_temperature_tuning", true)
                ? Optional.of(new ScoreGrowth(beta, context, 1))
                : Optional.empty();
    }

    private static ExpertLayout experts(ConfigJson json, ConfigDraft draft) {
        json.withoutEffect("router_jitter_noise");
        ExpertLayout.withoutEffect(json);
        List<Integer> blocks = blocks(json, draft.nLayers);
        ExpertLayout experts = blocks.isEmpty() ? none(json) : some(json, draft.dMlp);
        experts.blocks = blocks::contains;
        experts.blocksSaid = "%s: %s are %s".formatted(json.file(), MOE_LAYERS, blocks);
        experts.room = "feed_forward.";
        return experts;
    }

    private static ExpertLayout some(ConfigJson json, int width) {
        int count = json.intOr("num_local_experts", 16);
        int chosen = json.intOr("num_experts_per_tok", 1);
        ExpertLayout.requireChosen(json, "num_experts_per_tok", chosen, count);
        Routing routing = new Routing.Sigmoids(chosen);
        ExpertLayout experts = new ExpertLayout(count, (tensors, router) -> routing, width);
        experts.router = "router";
        experts.storage = ExpertLayout.Storage.INPUTS_FIRST;
        experts.sharedGate = false;
        experts.sharedWidth = width;
        return experts;
    }

    /// What a model without experts says of them; MobileLLM-R1 says 0.
    private static ExpertLayout none(ConfigJson json) {
        json.withoutEffect("num_local_experts", "num_experts_per_tok");
        Routing routing = new Routing.Sigmoids(1);
        ExpertLayout experts = new ExpertLayout(1, (tensors, router) -> routing, 1);
        experts.router = "router";
        return experts;
    }

    /// The blocks with experts: those that are listed, or every so many.
    private static List<Integer> blocks(ConfigJson json, int nLayers) {
        String step = "interleave_moe_layer_step";
        if (json.has(MOE_LAYERS)) {
            json.withoutEffect(step);
            return IntStream.of(json.ints(MOE_LAYERS)).boxed().toList();
        }
        int every = json.intOr(step, 1);
        return IntStream.range(0, nLayers)
                .filter(layer -> (layer + 1) % every == 0)
                .boxed()
                .toList();
    }
}
