package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions.Pairing;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.stream.IntStream;

/// InternLM2: Llama under other names, with one matrix for queries, keys and values.
///
/// transformers does not have it. Its goldens are checkpoints of Llama, written as the code that
/// comes with InternLM2 reads them, and computed by transformers' Llama.
record InternLm2Family() implements Family {
    @Override
    public String name() {
        return "internlm2";
    }

    @Override
    public List<String> architectures() {
        return List.of("InternLM2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "InternLM2 and InternLM2.5, 1.8B to 20B";
    }

    @Override
    public List<String> unembeds() {
        return List.of("output");
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        boolean biased = json.boolOr("bias", true);
        NormReader norm = NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6));
        DecoderConfig config = draft.build();
        return new Blueprint(
                config, tensors -> new Layout(config, biased, norm, tensors).weights());
    }

    /// Where the tensors are.
    private record Layout(
            DecoderConfig config, boolean biased, NormReader norm, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            Matrix embed = tensors.embedding("model.tok_embeddings.weight", config, dModel);
            return new Weights(
                    new Embedding(embed, null, null, null),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block("model.layers." + layer + "."))
                            .toList(),
                    new Readout(
                            norm.read(tensors, "model.norm", dModel),
                            null,
                            tensors.unembed(embed, config),
                            null));
        }

        private Block block(String prefix) {
            return new Block(
                    norm.read(tensors, prefix + "attention_norm", config.dModel()),
                    attention(prefix + "attention."),
                    norm.read(tensors, prefix + "ffn_norm", config.dModel()),
                    mlp(prefix + "feed_forward."));
        }

        private Weights.Attention attention(String prefix) {
            int dModel = config.dModel();
            int queries = config.attention(0).queryWidth();
            return new Weights.Attention(
                    projections(prefix, queries, config.attention(0).keyWidth()),
                    null,
                    null,
                    tensors.projection(prefix + "wo", dModel, queries, biased),
                    null);
        }

        private Weights.Projections projections(String prefix, int queries, int keys) {
            if (tensors.has(prefix + "wq.weight")) { // so in GGUF
                return new Weights.Separate(
                        projection(prefix + "wq", queries),
                        projection(prefix + "wk", keys),
                        projection(prefix + "wv", keys));
            }
            return new Weights.Interleaved(projection(prefix + "wqkv", queries + 2 * keys));
        }

        private Projection projection(String name, int outputs) {
            return tensors.projection(name, outputs, config.dModel(), biased);
        }

        private Mlp mlp(String prefix) {
            int dModel = config.dModel();
            int dMlp = config.dMlp();
            return new Mlp(
                    plain(prefix + "w1", dMlp, dModel),
                    plain(prefix + "w3", dMlp, dModel),
                    plain(prefix + "w2", dModel, dMlp),
                    null);
        }

        private Projection plain(String name, int outputs, int inputs) {
            return tensors.projection(name, outputs, inputs, false);
        }
    }

    @Override
    public boolean harmless(String tensor) {
        return tensor.endsWith(".attention.rope.inv_freq") || Family.super.harmless(tensor);
    }
}
