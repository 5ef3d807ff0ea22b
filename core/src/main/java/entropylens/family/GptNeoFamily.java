package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// GPT-Neo: GPT-2 with a sliding window in every other block, attention scores that are not scaled,
/// and matrices stored output by output.
record GptNeoFamily() implements Family {
    @Override
    public String name() {
        return "gpt_neo";
    }

    @Override
    public List<String> architectures() {
        return List.of("GPTNeoForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GPT-Neo 125M to 2.7B, TinyStories 1M to 33M";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("num_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.nHeads = json.requireInt("num_heads");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "hidden_size", "num_heads");
        draft.dMlp = json.intOr("intermediate_size", Math.multiplyExact(4, draft.dModel));
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireRows("max_position_embeddings");
        draft.scoreScale = OptionalDouble.of(1);
        draft.positions = new Positions.Learned();
        List<String> kinds = kinds(json, draft.nLayers);
        OptionalInt window = OptionalInt.of(json.intOr("window_size", 256));
        draft.windows(window, layer -> kinds.get(layer).equals("local"));
        draft.activation = CommonKeys.activation(json, "activation_function", "gelu_new");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        CommonKeys.withoutEffect(json);
        CommonKeys.summaryHead(json);
        json.withoutEffect("classifier_dropout", "embed_dropout", "resid_dropout");
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        DecoderConfig config = draft.build();
        return new Blueprint(
                config, tensors -> new Layout(config, NormReader.layer(eps), tensors).weights());
    }

    /// `attention_layers` names the kind of every block; `attention_types`, its shorter form,
    /// counts where that is missing, and the published models all alternate.
    private static List<String> kinds(ConfigJson json, int nLayers) {
        List<String> kinds = json.strings("attention_layers");
        if (kinds.isEmpty()) {
            kinds = json.repeatedStrings("attention_types");
        } else {
            json.withoutEffect("attention_types");
        }
        if (kinds.isEmpty()) {
            return IntStream.range(0, nLayers)
                    .mapToObj(layer -> layer % 2 == 0 ? "global" : "local")
                    .toList();
        }
        if (kinds.size() != nLayers
                || !kinds.stream().allMatch(kind -> kind.matches("global|local"))) {
            throw new CheckpointException(
                    "%s: attention_layers and attention_types must name global or local for each of %d blocks, but give %s; correct the file or download it again"
                            .formatted(json.file(), nLayers, kinds));
        }
        return kinds;
    }

    /// Where the tensors are.
    private record Layout(DecoderConfig config, NormReader norm, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            Matrix embed = tensors.embedding("transformer.wte.weight", config, dModel);
            return new Weights(
                    new Embedding(
                            embed,
                            null,
                            null,
                            tensors.outIn("transformer.wpe.weight", config.nCtx(), dModel)),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block("transformer.h." + layer + "."))
                            .toList(),
                    new Readout(
                            norm.read(tensors, "transformer.ln_f", dModel),
                            null,
                            tensors.unembed(embed, config),
                            null));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            int dMlp = config.dMlp();
            String attention = prefix + "attn.attention.";
            return new Block(
                    norm.read(tensors, prefix + "ln_1", dModel),
                    new Weights.Attention(
                            new Weights.Separate(
                                    tensors.projection(attention + "q_proj", dModel, dModel, false),
                                    tensors.projection(attention + "k_proj", dModel, dModel, false),
                                    tensors.projection(
                                            attention + "v_proj", dModel, dModel, false)),
                            null,
                            null,
                            tensors.projection(attention + "out_proj", dModel, dModel, true),
                            null),
                    norm.read(tensors, prefix + "ln_2", dModel),
                    new Mlp(
                            null,
                            tensors.projection(prefix + "mlp.c_fc", dMlp, dModel, true),
                            tensors.projection(prefix + "mlp.c_proj", dModel, dMlp, true),
                            null));
        }
    }

    /// Masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches(".*\\.attn\\.attention\\.(bias|masked_bias)")
                || Family.super.harmless(tensor);
    }
}
