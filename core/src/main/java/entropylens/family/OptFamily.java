package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Positions;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// OPT: GPT-2 with ReLU and matrices stored output by output. The 350M model has its norms after
/// the sums and an embedding narrower than the stream; Galactica has no biases.
record OptFamily() implements Family {
    /// Fixed in transformers' code; the configuration does not say it.
    private static final double EPS = 1e-5;

    /// Positions begin in this row of their table.
    private static final int FIRST_POSITION = 2;

    @Override
    public String name() {
        return "opt";
    }

    @Override
    public List<String> architectures() {
        return List.of("OPTForCausalLM");
    }

    @Override
    public String knownFor() {
        return "OPT 125M to 66B, OPT-IML, Galactica";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("num_hidden_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.nHeads = json.requireInt("num_attention_heads");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "hidden_size", "num_attention_heads");
        draft.dMlp = json.requireInt("ffn_dim");
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireRows("max_position_embeddings");
        draft.positions = new Positions.Learned();
        draft.activation = CommonKeys.activation(json, "activation_function", "relu");
        boolean before = json.boolOr("do_layer_norm_before", true);
        draft.residual = before ? Residual.SEQUENTIAL : Residual.POST_NORM;
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        boolean removed = json.boolOr("_remove_final_layer_norm", false);
        boolean lnFinal = before && !removed;
        boolean learnedNorms = json.boolOr("layer_norm_elementwise_affine", true);
        NormReader norm =
                learnedNorms ? NormReader.layer(EPS) : NormReader.layerWithoutWeights(EPS);
        int dEmbed = json.intOr("word_embed_proj_dim", draft.dModel);
        boolean bias = json.boolOr("enable_bias", true);
        // of metaseq, with which Galactica was trained
        json.asUsual("learned_embeddings", true);
        json.asUsual("scale_embeddings", false);
        CommonKeys.withoutEffect(json);
        json.withoutEffect("activation_dropout", "dropout", "init_std", "layerdrop");
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors -> new Layout(config, norm, lnFinal, dEmbed, bias, tensors).weights());
    }

    /// Where the tensors are.
    private record Layout(
            DecoderConfig config,
            NormReader norm,
            boolean lnFinal,
            int dEmbed,
            boolean bias,
            TensorReader tensors) {

        Weights weights() {
            String stack = "model.decoder.";
            int dModel = config.dModel();
            Matrix embed = tensors.embedding(stack + "embed_tokens.weight", config, dEmbed);
            int rows = FIRST_POSITION + config.nCtx();
            Matrix positions = tensors.outIn(stack + "embed_positions.weight", rows, dModel);
            return new Weights(
                    new Embedding(
                            embed,
                            projection(stack + "project_in", dModel, dEmbed),
                            null,
                            positions.outputs(FIRST_POSITION, rows)),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block(stack + "layers." + layer + "."))
                            .toList(),
                    new Readout(
                            lnFinal ? norm.read(tensors, stack + "final_layer_norm", dModel) : null,
                            projection(stack + "project_out", dEmbed, dModel),
                            tensors.unembed(embed, config),
                            null));
        }

        /// Where the embedding is as wide as the stream, there is none.
        private @Nullable Projection projection(String name, int outputs, int inputs) {
            return outputs == inputs ? null : tensors.projection(name, outputs, inputs, false);
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            int dMlp = config.dMlp();
            NormWeights ln1 = norm.read(tensors, prefix + "self_attn_layer_norm", dModel);
            return new Block(
                    ln1,
                    attention(prefix + "self_attn."),
                    norm.read(tensors, prefix + "final_layer_norm", dModel),
                    new Mlp(
                            null,
                            tensors.projection(prefix + "fc1", dMlp, dModel, bias),
                            tensors.projection(prefix + "fc2", dModel, dMlp, bias),
                            null));
        }

        private Weights.Attention attention(String prefix) {
            int dModel = config.dModel();
            return new Weights.Attention(
                    new Weights.Separate(
                            tensors.projection(prefix + "q_proj", dModel, dModel, bias),
                            tensors.projection(prefix + "k_proj", dModel, dModel, bias),
                            tensors.projection(prefix + "v_proj", dModel, dModel, bias)),
                    null,
                    null,
                    tensors.projection(prefix + "out_proj", dModel, dModel, bias),
                    null);
        }
    }
}
