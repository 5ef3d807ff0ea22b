package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// SmolLM3: Llama whose every fourth block turns nothing.
record SmolLm3Family() implements Family {
    @Override
    public String name() {
        return "smollm3";
    }

    @Override
    public List<String> architectures() {
        return List.of("SmolLM3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "SmolLM3 3B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        List<Boolean> turned = turned(json, draft.nLayers);
        Rope rope = RopeKeys.read(json, draft.dHead, 2_000_000);
        draft.rotary(
                turned.stream().map(isTurned -> isTurned ? rope : Rope.NONE).toList(),
                Pairing.HALVES);
        OptionalInt window = json.optionalInt("sliding_window");
        boolean windows = json.boolOr("use_sliding_window", false);
        List<Boolean> sliding =
                CommonKeys.slidingLayers(
                        json, draft.nLayers, layer -> windows && !turned.get(layer));
        draft.windows(window, sliding::get);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }

    /// Which blocks turn queries and keys: those that `no_rope_layers` marks with anything but 0,
    /// or, where it is not given, all but every `no_rope_layer_interval`-th.
    static List<Boolean> turned(ConfigJson json, int nLayers) {
        int interval = json.intOr("no_rope_layer_interval", 4);
        int[] marks = json.ints("no_rope_layers");
        if (marks.length == 0 && interval != 0) {
            return IntStream.range(0, nLayers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        if (marks.length < nLayers) {
            throw new CheckpointException(
                    "%s: no_rope_layers marks %d blocks and no_rope_layer_interval is %d, but the model has %d blocks; correct the file or download it again"
                            .formatted(json.file(), marks.length, interval, nLayers));
        }
        return IntStream.range(0, nLayers).mapToObj(layer -> marks[layer] != 0).toList();
    }
}
