package entropylens.gguf;

import entropylens.checkpoint.DerivedTensor;
import java.nio.file.Path;

/// Two tensors of a block that are one among those of Hugging Face.
///
/// @param first the one that decides in which file they are, as `attn_k_b.weight`
/// @param second the other
/// @param whole the one that they are, as llama.cpp calls it in older files
record Joint(String first, String second, String whole, Joiner joiner) {
    /// In an architecture without.
    static final Joint NONE =
            new Joint(
                    "",
                    "",
                    "",
                    (name, first, second, file) -> {
                        throw new IllegalStateException("nothing is joined here");
                    });

    /// Keys and values of latent attention.
    static final Joint LATENT =
            new Joint("attn_k_b.weight", "attn_v_b.weight", "attn_kv_b.weight", KeysAndValues::new);

    /// What makes one tensor of two.
    @FunctionalInterface
    interface Joiner {
        DerivedTensor join(String name, GgufTensor first, GgufTensor second, Path file);
    }

    /// Queries, keys and values of delta nets, and what gates them: head of keys by head of keys.
    static Joint deltaNet(ConfigWriter config) {
        int heads = config.require("ssm.group_count");
        int valueHeads = config.require("ssm.time_step_rank");
        int key = config.require("ssm.state_size");
        int values = config.require("ssm.inner_size");
        if (heads < 1 || key < 1 || values < 1 || valueHeads < 1 || values % heads != 0) {
            throw config.unsupported(
                    "ssm.group_count is %d, ssm.time_step_rank %d, ssm.state_size %d and ssm.inner_size %d, which cannot be; the file is damaged, download it again"
                            .formatted(heads, valueHeads, key, values));
        }
        return new Joint(
                "attn_qkv.weight",
                "attn_gate.weight",
                "ssm_in.weight",
                (name, mixed, gate, file) ->
                        JoinedRows.ofDeltaNet(name, mixed, gate, file, heads, key, values));
    }
}
