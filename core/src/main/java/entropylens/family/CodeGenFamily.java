package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;
import java.util.List;

/// CodeGen: GPT-J whose queries, values and keys are one matrix, in four parts, as it was trained
/// on four devices.
record CodeGenFamily() implements Family {
    private static final int PARTS = 4;

    @Override
    public String name() {
        return "codegen";
    }

    @Override
    public List<String> architectures() {
        return List.of("CodeGenForCausalLM");
    }

    @Override
    public String knownFor() {
        return "CodeGen 350M to 16B, CodeGen 2";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = GptJFamily.draft(json, name());
        if (draft.nHeads % PARTS != 0) {
            throw new CheckpointException(
                    "%s: n_head is %,d, but heads are stored in %d equal parts; correct the file or download it again"
                            .formatted(json.file(), draft.nHeads, PARTS));
        }
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors ->
                        GptJFamily.weights(
                                config,
                                NormReader.layer(eps),
                                tensors,
                                attention ->
                                        new Weights.InParts(
                                                tensors.projection(
                                                        attention + "qkv_proj",
                                                        3 * config.dModel(),
                                                        config.dModel(),
                                                        false),
                                                PARTS)));
    }

    /// Masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches(".*\\.attn\\.(causal_mask|bias|masked_bias)")
                || Family.super.harmless(tensor);
    }
}
