package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.MixerShape;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.stream.IntStream;

/// Bamba: state spaces in most blocks, attention in a few, of which half of each head is turned.
record BambaFamily() implements Family {
    @Override
    public String name() {
        return "bamba";
    }

    @Override
    public List<String> architectures() {
        return List.of("BambaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Bamba 9B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        MixerShape.StateSpace shape = AttentionAmongStateSpaces.shape(json, draft.dModel);
        List<Integer> attending = IntStream.of(json.ints("attn_layer_indices")).boxed().toList();
        List<Boolean> attends =
                IntStream.range(0, draft.nLayers).mapToObj(attending::contains).toList();
        draft.mixers = AttentionAmongStateSpaces.mixers(draft, shape, attends);
        NormReader norm = NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5));
        LlamaLayout layout = new LlamaLayout(draft.build(), norm);
        layout.otherMixer = AttentionAmongStateSpaces.reader(json, shape, draft.dModel, norm);
        layout.mark = "input_layernorm.weight";
        layout.mlpRoom = "feed_forward.";
        layout.ln2 = "pre_ff_layernorm";
        layout.lnFinal = "final_layernorm";
        layout.projectionBias = json.boolOr("attention_bias", false);
        layout.outputBias = layout.projectionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        CommonKeys.withoutEffect(json);
        json.withoutEffect("z_loss_coefficient"); // of training
        return layout.blueprint();
    }
}
