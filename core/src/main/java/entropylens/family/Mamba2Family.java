package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Residual;
import java.util.Collections;
import java.util.List;

/// Mamba-2: every block is a state space and nothing else.
record Mamba2Family() implements Family {
    @Override
    public String name() {
        return "mamba2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Mamba2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Mamba-2 130M to 2.7B, Mamba-Codestral-7B";
    }

    @Override
    public String prefix() {
        return MambaFamilies.PREFIX;
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = draft(json);
        MixerShape.StateSpace shape = shape(json);
        requireExpanded(json, draft.dModel, shape);
        draft.dMlp = shape.innerWidth();
        draft.mixers = Collections.nCopies(draft.nLayers, shape);
        NormReader norm = NormReader.rms(json.doubleOr("layer_norm_epsilon", 1e-5));
        StateSpaceLayout space = new StateSpaceLayout(shape, draft.dModel);
        space.inputBias = json.boolOr("use_bias", false);
        space.outputBias = space.inputBias;
        space.convolutionBias = json.boolOr("use_conv_bias", true);
        space.limits(json, "time_step_limit");
        space.norm = norm;
        boolean rescaled = json.boolOr("rescale_prenorm_residual", false);
        space.beginning =
                StateSpaceLayout.Beginning.of(
                        json, true, rescaled ? 1 / Math.sqrt(draft.nLayers) : 1);
        json.mustBe("hidden_act", "silu", "other activations are not implemented here");
        CommonKeys.withoutEffect(json);
        // how the Python library computes, and what the code does anyway or never reads
        json.withoutEffect(
                "chunk_size",
                "norm_before_gate",
                "residual_in_fp32",
                "rms_norm",
                "time_step_init_scheme",
                "time_step_rank",
                "time_step_scale");
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors ->
                        MambaFamilies.weights(
                                tensors, config, name -> space.read(tensors, name), norm));
    }

    private ConfigDraft draft(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("num_hidden_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = ConfigDraft.ANY_LENGTH;
        draft.positions = new Positions.None();
        draft.residual = Residual.ONE_SUM;
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", false);
        return draft;
    }

    private static MixerShape.StateSpace shape(ConfigJson json) {
        return new MixerShape.StateSpace(
                json.intOr("num_heads", 128),
                json.intOr("head_dim", 64),
                json.intOr("n_groups", 8),
                json.intOr("state_size", 128),
                json.intOr("conv_kernel", 4));
    }

    private static void requireExpanded(ConfigJson json, int dModel, MixerShape.StateSpace shape) {
        int expand = json.intOr("expand", 2);
        if ((long) expand * dModel != shape.innerWidth()) {
            throw new CheckpointException(
                    "%s: num_heads = %,d of head_dim = %,d are not expand = %,d times hidden_size = %,d; correct the file or download it again"
                            .formatted(json.file(), shape.nHeads(), shape.dHead(), expand, dModel));
        }
    }
}
