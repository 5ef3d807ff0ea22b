package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Phi: attention and MLP side by side behind one LayerNorm, biases everywhere, a part of each head
/// turned.
record PhiFamily() implements Family {
    @Override
    public String name() {
        return "phi";
    }

    @Override
    public List<String> architectures() {
        return List.of("PhiForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Phi-1, Phi-1.5, Phi-2";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "gelu_new");
        draft.residual = Residual.PARALLEL_ONE_NORM;
        CommonKeys.withoutEffect(json);
        double eps = json.doubleOr("layer_norm_eps", 1e-5);
        boolean headNorms = json.boolOr("qk_layernorm", false);
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors -> new Layout(config, NormReader.layer(eps), headNorms, tensors).weights());
    }

    /// Where the tensors are.
    private record Layout(
            DecoderConfig config, NormReader norm, boolean headNorms, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            int dVocab = config.dVocab();
            Matrix embed = tensors.embedding("model.embed_tokens.weight", config, dModel);
            return new Weights(
                    new Embedding(embed, null, null, null),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block("model.layers." + layer + "."))
                            .toList(),
                    new Readout(
                            norm.read(tensors, "model.final_layernorm", dModel),
                            null,
                            tensors.unembed(embed, config),
                            tensors.bias("lm_head.bias", dVocab)));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            int dMlp = config.dMlp();
            return new Block(
                    norm.read(tensors, prefix + "input_layernorm", dModel),
                    attention(prefix + "self_attn."),
                    null,
                    new Mlp(
                            null,
                            tensors.projection(prefix + "mlp.fc1", dMlp, dModel, true),
                            tensors.projection(prefix + "mlp.fc2", dModel, dMlp, true),
                            null));
        }

        private Weights.Attention attention(String prefix) {
            int dModel = config.dModel();
            int queries = config.attention(0).queryWidth();
            int keys = config.attention(0).keyWidth();
            return new Weights.Attention(
                    new Weights.Separate(
                            tensors.projection(prefix + "q_proj", queries, dModel, true),
                            tensors.projection(prefix + "k_proj", keys, dModel, true),
                            tensors.projection(prefix + "v_proj", keys, dModel, true)),
                    headNorm(prefix + "q_layernorm"),
                    headNorm(prefix + "k_layernorm"),
                    tensors.projection(prefix + "dense", dModel, queries, true),
                    null);
        }

        private @Nullable NormWeights headNorm(String name) {
            return headNorms ? norm.read(tensors, name, config.attention(0).dHead()) : null;
        }
    }
}
