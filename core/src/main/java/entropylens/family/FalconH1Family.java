package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Projection;
import entropylens.kernels.Scaled;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import entropylens.model.Positions.Pairing;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// Falcon-H1: attention and a state space side by side in every block, and factors nearly
/// everywhere.
record FalconH1Family() implements Family {
    @Override
    public String name() {
        return "falcon_h1";
    }

    @Override
    public List<String> architectures() {
        return List.of("FalconH1ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Falcon-H1 0.5B to 34B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        json.mustBe("hidden_act", "silu", "the state space would have the same activation");
        draft.embeddingScale = json.doubleOr("embedding_multiplier", 1);
        // keys are multiplied, and so scores
        draft.scoreScale =
                OptionalDouble.of(json.doubleOr("key_multiplier", 1) / Math.sqrt(draft.dHead));
        MixerShape.StateSpace shape = shape(json, draft.dModel);
        draft.mixers = new ArrayList<>();
        for (int layer = 0; layer < draft.nLayers; layer++) {
            draft.mixers.add(new MixerShape.SideBySide(draft.attention(layer), shape));
        }
        NormReader norm = NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5));
        StateSpaceLayout space = space(json, shape, draft.dModel, norm);
        LlamaLayout layout = layout(json, draft.build(), norm);
        Factors factors = Factors.of(json, shape);
        layout.otherMixer =
                (tensors, block, layer) ->
                        new Weights.SideBySide(
                                factors.scaled(layout.attention(tensors, block, layer)),
                                factors.scaled(space.read(tensors, block + "mamba.")),
                                null);
        return layout.blueprint();
    }

    private static LlamaLayout layout(ConfigJson json, DecoderConfig config, NormReader norm) {
        LlamaLayout layout = new LlamaLayout(config, norm);
        layout.mlpRoom = "feed_forward.";
        layout.ln2 = "pre_ff_layernorm";
        layout.lnFinal = "final_layernorm";
        layout.projectionBias = json.boolOr("attention_bias", false);
        layout.outputBias = layout.projectionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        double[] ofMlp = factors(json, "mlp_multipliers", 2);
        layout.gateFactor = ofMlp[0];
        layout.mlpFactor = ofMlp[1];
        layout.logitScaling = 1 / positive(json, "lm_head_multiplier");
        CommonKeys.withoutEffect(json);
        // how the Python library computes, and what the code does anyway or never reads
        json.withoutEffect(
                "attn_layer_indices",
                "expansion_factor",
                "mamba_chunk_size",
                "mamba_use_mlp",
                "mlp_expansion_factor",
                "num_logits_to_keep");
        return layout;
    }

    private static MixerShape.StateSpace shape(ConfigJson json, int dModel) {
        int heads = json.intOr("mamba_n_heads", 128);
        int expanded = Math.multiplyExact(json.intOr("mamba_expand", 2), dModel);
        int inner =
                json.mentions("mamba_d_ssm")
                        ? json.optionalInt("mamba_d_ssm").orElse(expanded)
                        : 1024;
        return new MixerShape.StateSpace(
                heads,
                StateSpaceLayout.headWidth(json, inner, heads),
                json.intOr("mamba_n_groups", 1),
                json.intOr("mamba_d_state", 256),
                json.intOr("mamba_d_conv", 4));
    }

    private static StateSpaceLayout space(
            ConfigJson json, MixerShape.StateSpace shape, int dModel, NormReader norm) {
        StateSpaceLayout space = new StateSpaceLayout(shape, dModel);
        space.inputBias = json.boolOr("mamba_proj_bias", false);
        space.outputBias = json.boolOr("projectors_bias", false);
        space.convolutionBias = json.boolOr("mamba_conv_bias", true);
        space.limits(json, "time_step_limit");
        boolean normed = json.boolOr("mamba_rms_norm", false);
        boolean before = json.boolOr("mamba_norm_before_gate", true);
        if (normed) {
            space.norm = norm;
            space.normGroups = shape.nGroups();
            space.normBeforeGate = before;
        }
        return space;
    }

    private static double positive(ConfigJson json, String key) {
        double factor = json.doubleOr(key, 1);
        if (factor <= 0) {
            throw new CheckpointException(
                    "%s: %s is %s, but must be above 0; correct the file or download it again"
                            .formatted(json.file(), key, factor));
        }
        return factor;
    }

    private static double[] factors(ConfigJson json, String key, int count) {
        double[] factors = json.doubles(key);
        if (factors.length == 0) {
            factors = new double[count];
            Arrays.fill(factors, 1);
        }
        if (factors.length != count) {
            throw new CheckpointException(
                    "%s: %s lists %d numbers, but must list %d; correct the file or download it again"
                            .formatted(json.file(), key, factors.length, count));
        }
        return factors;
    }

    /// What multiplies inputs and outputs of the mixers.
    ///
    /// @param projected one for each output of the state space's first projection
    private record Factors(
            double attentionIn,
            double attentionOut,
            double spaceIn,
            double spaceOut,
            float[] projected) {
        static Factors of(ConfigJson json, MixerShape.StateSpace shape) {
            return new Factors(
                    json.doubleOr("attention_in_multiplier", 1),
                    json.doubleOr("attention_out_multiplier", 1),
                    json.doubleOr("ssm_in_multiplier", 1),
                    json.doubleOr("ssm_out_multiplier", 1),
                    projected(factors(json, "ssm_multipliers", 5), shape));
        }

        /// Of gates, x, B, C and steps.
        private static float[] projected(double[] each, MixerShape.StateSpace shape) {
            int inner = shape.innerWidth();
            int states = shape.nGroups() * shape.dState();
            int[] widths = {inner, inner, states, states, shape.nHeads()};
            float[] projected = new float[shape.projectedWidth()];
            int from = 0;
            for (int part = 0; part < widths.length; part++) {
                Arrays.fill(projected, from, from + widths[part], (float) each[part]);
                from += widths[part];
            }
            return projected;
        }

        Weights.Attention scaled(Weights.Attention attention) {
            var separate = (Weights.Separate) attention.projections();
            return new Weights.Attention(
                    new Weights.Separate(
                            taking(separate.query()),
                            taking(separate.key()),
                            taking(separate.value())),
                    attention.queryNorm(),
                    attention.keyNorm(),
                    Scaled.of(attention.output(), attentionOut),
                    attention.postNorm());
        }

        private Projection taking(Projection projection) {
            return Scaled.of(projection, attentionIn, 1);
        }

        Weights.StateSpace scaled(Weights.StateSpace space) {
            return new Weights.StateSpace(
                    new Scaled(space.input(), (float) spaceIn, projected),
                    space.convolution(),
                    space.logDecay(),
                    space.stepBias(),
                    space.skip(),
                    space.minStep(),
                    space.maxStep(),
                    space.norm(),
                    space.normBeforeGate(),
                    Scaled.of(space.output(), spaceOut),
                    space.postNorm());
        }
    }
}
