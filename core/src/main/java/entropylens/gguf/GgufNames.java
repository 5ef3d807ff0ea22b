package entropylens.gguf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names of an architecture's tensors: what llama.cpp calls them, and what Hugging Face does.
///
/// Where all experts are one tensor, [#EACH] stands for the number of each in the name. A name that
/// is looked up with its ending, as `attn_sinks.weight`, has no ending there; `ssm_a.` has none in
/// the file either.
///
/// @param blocks how names within a block begin; `%s` stands for its number
/// @param inBlock names within a block, without `blk.N.` and `.weight`
/// @param outside the other ones, without `.weight`
record GgufNames(String blocks, Map<String, String> inBlock, Map<String, String> outside) {
    /// The number of an expert.
    static final String EACH = "*";

    private static final Pattern IN_BLOCK =
            Pattern.compile(
                    "blk\\.(\\d{1,6})\\.((?:shortconv\\.)?[a-z0-9_]+)(?:\\.(\\d{1,4}))?(?:\\.(weight|bias|scale))?");
    private static final Pattern OUTSIDE = Pattern.compile("([a-z0-9_]+)\\.(weight|bias)");

    private static final Map<String, String> LLAMA_OUTSIDE =
            Map.of(
                    "token_embd", "model.embed_tokens",
                    "output_norm", "model.norm",
                    "output", "lm_head");

    private static final Map<String, String> LLAMA_BLOCK =
            Map.ofEntries(
                    Map.entry("attn_norm", "input_layernorm"),
                    Map.entry("attn_q", "self_attn.q_proj"),
                    Map.entry("attn_k", "self_attn.k_proj"),
                    Map.entry("attn_v", "self_attn.v_proj"),
                    Map.entry("attn_qkv", "self_attn.qkv_proj"),
                    Map.entry("attn_q_norm", "self_attn.q_norm"),
                    Map.entry("attn_k_norm", "self_attn.k_norm"),
                    Map.entry("attn_output", "self_attn.o_proj"),
                    Map.entry("ffn_norm", "post_attention_layernorm"),
                    Map.entry("ffn_gate", "mlp.gate_proj"),
                    Map.entry("ffn_up", "mlp.up_proj"),
                    Map.entry("ffn_down", "mlp.down_proj"));

    /// Those that most families share.
    static final GgufNames LLAMA = new GgufNames("model.layers.%s.", LLAMA_BLOCK, LLAMA_OUTSIDE);

    /// Norms before and after each half of a block.
    static final GgufNames GEMMA2 =
            LLAMA.and(
                    Map.of(
                            "post_attention_norm", "post_attention_layernorm",
                            "ffn_norm", "pre_feedforward_layernorm",
                            "post_ffw_norm", "post_feedforward_layernorm"));

    /// Norms after each half of a block.
    static final GgufNames OLMO2 =
            LLAMA.and(
                    Map.of(
                            "post_attention_norm", "post_attention_layernorm",
                            "post_ffw_norm", "post_feedforward_layernorm"));

    /// Gate and up in one matrix, as in Phi-3; norms before and after each half of a block.
    static final GgufNames GLM4 =
            LLAMA.and(
                    Map.of(
                            "post_attention_norm", "post_self_attn_layernorm",
                            "post_ffw_norm", "post_mlp_layernorm",
                            "ffn_up", "mlp.gate_up_proj"));

    static final GgufNames SEED_OSS =
            LLAMA.and(Map.of("post_attention_norm", "post_attention_layernorm"));

    static final GgufNames APERTUS =
            LLAMA.and(
                    Map.of(
                            "attn_norm", "attention_layernorm",
                            "ffn_norm", "feedforward_layernorm"));

    static final GgufNames HUNYUAN =
            LLAMA.and(
                    Map.of(
                            "attn_q_norm", "self_attn.query_layernorm",
                            "attn_k_norm", "self_attn.key_layernorm"));

    static final GgufNames STARCODER2 =
            LLAMA.and(Map.of("ffn_up", "mlp.c_fc", "ffn_down", "mlp.c_proj"));

    static final GgufNames PHI3 = LLAMA.and(Map.of("ffn_up", "mlp.gate_up_proj"));

    static final GgufNames STABLELM =
            LLAMA.and(
                    Map.of(
                            "attn_q_norm", "self_attn.q_layernorm.norms",
                            "attn_k_norm", "self_attn.k_layernorm.norms"));

    static final GgufNames PHI2 =
            new GgufNames(
                    LLAMA.blocks,
                    LLAMA.and(
                                    Map.of(
                                            "attn_output", "self_attn.dense",
                                            "ffn_up", "mlp.fc1",
                                            "ffn_down", "mlp.fc2"))
                            .inBlock,
                    Map.of(
                            "token_embd", "model.embed_tokens",
                            "output_norm", "model.final_layernorm",
                            "output", "lm_head"));

    static final GgufNames GPT2 =
            new GgufNames(
                    "transformer.h.%s.",
                    Map.of(
                            "attn_norm", "ln_1",
                            "attn_qkv", "attn.c_attn",
                            "attn_output", "attn.c_proj",
                            "ffn_norm", "ln_2",
                            "ffn_up", "mlp.c_fc",
                            "ffn_down", "mlp.c_proj"),
                    Map.of(
                            "token_embd", "transformer.wte",
                            "position_embd", "transformer.wpe",
                            "output_norm", "transformer.ln_f",
                            "output", "lm_head"));

    /// Queries, keys and values apart, which are one matrix in other files of this family.
    static final GgufNames INTERNLM2 =
            new GgufNames(
                    LLAMA.blocks,
                    Map.of(
                            "attn_norm", "attention_norm",
                            "attn_q", "attention.wq",
                            "attn_k", "attention.wk",
                            "attn_v", "attention.wv",
                            "attn_output", "attention.wo",
                            "ffn_norm", "ffn_norm",
                            "ffn_gate", "feed_forward.w1",
                            "ffn_up", "feed_forward.w3",
                            "ffn_down", "feed_forward.w2"),
                    Map.of(
                            "token_embd", "model.tok_embeddings",
                            "output_norm", "model.norm",
                            "output", "output"));

    static final GgufNames MPT =
            new GgufNames(
                    "transformer.blocks.%s.",
                    Map.of(
                            "attn_norm", "norm_1",
                            "attn_qkv", "attn.Wqkv",
                            "attn_output", "attn.out_proj",
                            "ffn_norm", "norm_2",
                            "ffn_up", "ffn.up_proj",
                            "ffn_down", "ffn.down_proj"),
                    Map.of(
                            "token_embd", "transformer.wte",
                            "output_norm", "transformer.norm_f",
                            "output", "lm_head"));

    private static final Map<String, String> MEGATRON_BLOCK =
            Map.of(
                    "attn_norm", "input_layernorm",
                    "attn_qkv", "self_attention.query_key_value",
                    "attn_output", "self_attention.dense",
                    "ffn_norm", "post_attention_layernorm",
                    "ffn_up", "mlp.dense_h_to_4h",
                    "ffn_down", "mlp.dense_4h_to_h");

    static final GgufNames BLOOM =
            new GgufNames(
                    "transformer.h.%s.",
                    MEGATRON_BLOCK,
                    Map.of(
                            "token_embd", "transformer.word_embeddings",
                            "token_embd_norm", "transformer.word_embeddings_layernorm",
                            "output_norm", "transformer.ln_f",
                            "output", "lm_head"));

    /// With a norm for attention and another for the MLP.
    static final GgufNames FALCON_TWO_NORMS =
            BLOOM.and(Map.of("attn_norm", "ln_mlp", "attn_norm_2", "ln_attn"));

    static final GgufNames GPT_NEOX =
            new GgufNames(
                            "gpt_neox.layers.%s.",
                            MEGATRON_BLOCK,
                            Map.of(
                                    "token_embd", "gpt_neox.embed_in",
                                    "output_norm", "gpt_neox.final_layer_norm",
                                    "output", "embed_out"))
                    .and(
                            Map.of(
                                    "attn_qkv", "attention.query_key_value",
                                    "attn_output", "attention.dense"));

    GgufNames {
        inBlock = Map.copyOf(inBlock);
        outside = Map.copyOf(outside);
    }

    /// The same with other names in blocks.
    GgufNames and(Map<String, String> others) {
        var all = new HashMap<>(inBlock);
        all.putAll(others);
        return new GgufNames(blocks, all, outside);
    }

    /// The same with other names outside of blocks.
    GgufNames andOutside(Map<String, String> others) {
        var all = new HashMap<>(outside);
        all.putAll(others);
        return new GgufNames(blocks, inBlock, all);
    }

    /// @param expert where each expert has a tensor of its own, as in files of 2023; otherwise null
    private Optional<String> inBlock(String name, @Nullable String expert, String ending) {
        if (expert == null) {
            return ended(inBlock, name, ending);
        }
        return ended(inBlock, name + "_exps", ending)
                .map(all -> all.replace(EACH, Integer.toString(Integer.parseInt(expert))));
    }

    private static Optional<String> ended(Map<String, String> names, String name, String ending) {
        String whole = names.get(name + "." + ending);
        return whole != null || !(ending.equals("weight") || ending.equals("bias"))
                ? Optional.ofNullable(whole)
                : Optional.ofNullable(names.get(name)).map(there -> there + "." + ending);
    }

    /// The name that Hugging Face gives to a tensor, if it has one.
    Optional<String> of(String tensor) {
        Matcher block = IN_BLOCK.matcher(tensor);
        if (block.matches()) {
            String ending = block.group(4) == null ? "" : block.group(4);
            return inBlock(block.group(2), block.group(3), ending)
                    .map(name -> blocks.formatted(Integer.parseInt(block.group(1))) + name);
        }
        Matcher other = OUTSIDE.matcher(tensor);
        return other.matches() ? ended(outside, other.group(1), other.group(2)) : Optional.empty();
    }
}
