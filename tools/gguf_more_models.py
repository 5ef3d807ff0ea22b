"""More of the tiny models that gguf_goldens.py converts."""

from dataclasses import replace

from gguf_models import EXPERTS, GPT, LLAMA, SCORED, YARN, tiny
from goldens.descendants import GROWING, PICTURES
from goldens.golden import rope

SCOUT = rope(5e5, rope_type="llama3", factor=16.0, low_freq_factor=1.0, high_freq_factor=1.0, original_max_position_embeddings=8192)
LLAMA3 = rope(5e5, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192)
LLAMA4 = LLAMA | dict(head_dim=8, intermediate_size_mlp=11, rms_norm_eps=1e-5)

MORE_MODELS = [
    tiny("mistral3", "ministral3", 60, "rows in pairs, YaRN, scores that grow every 4 positions",
         **LLAMA | dict(head_dim=6), rope_parameters=GROWING),
    tiny("mistral3-small", "mistral3", 61, "the text part of a model that sees pictures, a Mistral; tied",
         text_config=dict(model_type="mistral", **LLAMA | dict(head_dim=6), sliding_window=None, **rope(1e4)),
         vision_config=PICTURES),
    tiny("llama4", "llama4_text", 62, "experts that read their share, in one block of two; a fourth block that turns nothing",
         **LLAMA4 | dict(num_hidden_layers=4, intermediate_size=7), num_local_experts=5, num_experts_per_tok=2,
         interleave_moe_layer_step=2, tie_word_embeddings=False, **SCOUT),
    tiny("llama4-dense", "llama4_text", 63, "no experts, no chunks, all blocks turned; tied", **LLAMA4 | dict(
        intermediate_size=11), num_local_experts=0, num_experts_per_tok=0, moe_layers=[], interleave_moe_layer_step=0,
         no_rope_layers=[1, 1], layer_types=["full_attention"] * 2, tie_word_embeddings=True, **rope(1e4)),
    tiny("hunyuan-dense", "hunyuan_v1_dense", 64, "q and k normed after they are turned, a base that alpha has raised; tied",
         **LLAMA | dict(head_dim=8, max_position_embeddings=32768), tie_word_embeddings=True,
         **rope(1e4, rope_type="dynamic", alpha=1000.0, factor=1.0)),
    tiny("hunyuan-moe", "hunyuan_v1_moe", 65, "experts whose shares sum to 1, one that sees every row; biases",
         **LLAMA | dict(intermediate_size=7, head_dim=6), num_experts=5, moe_topk=[2, 2], moe_intermediate_size=[7, 7],
         num_shared_expert=[1, 1], attention_bias=True, tie_word_embeddings=False, **rope(5e4)),
    tiny("starcoder", "gpt_bigcode", 66, "heads that share a key and a value, learned positions; tied", **GPT | dict(n_head=3),
         n_positions=48),
    tiny("starcoder-own-keys", "gpt_bigcode", 67, "a key and a value for each head; untied", **GPT, n_positions=48,
         multi_query=False, tie_word_embeddings=False),
    replace(
        tiny("internlm2", "llama", 68, "one matrix for queries, keys and values, taken apart; rows in pairs",
             **LLAMA | dict(pad_token_id=0), **rope(1e6)),
        published_as="internlm2", old_style_config=False),
    replace(
        tiny("internlm3", "qwen2", 69, "Llama with biases on q, k and v alone; tied", **LLAMA | dict(pad_token_id=0),
             tie_word_embeddings=True, **rope(1e6)),
        published_as="internlm3", old_style_config=False),
    tiny("apertus", "apertus", 70, "slopes of each block's activation in the metadata, q and k normed, Llama 3's frequencies",
         **LLAMA | dict(num_attention_heads=2, num_key_value_heads=1), **LLAMA3),
    tiny("apertus-biased", "apertus", 71, "biases, frequencies that nothing scales", **LLAMA, attention_bias=True,
         **rope(1e4)),
    tiny("mpt", "mpt", 72, "linear biases of 6 heads, clipping; tied", d_model=12, n_layers=2, n_heads=6, vocab_size=29,
         max_seq_len=48, attn_config=dict(clip_qkv=0.8)),
    tiny("jais2", "jais2", 73, "LayerNorms, biases, ReLU squared", **LLAMA, **rope(5e5)),
    tiny("mellum", "mellum", 74, "windows in one block of two, turned by a base of their own; experts whose shares sum to 1",
         **EXPERTS | dict(head_dim=6), num_experts=5, moe_intermediate_size=7, norm_topk_prob=True, sliding_window=4,
         layer_types=["sliding_attention", "full_attention"], rope_parameters={
             "full_attention": YARN | {"rope_theta": 5e5},
             "sliding_attention": {"rope_type": "default", "rope_theta": 50.0},
         }),
    tiny("solar-open", "solar_open", 75, "GLM's experts in every block, whole heads turned, YaRN",
         **{key: SCORED[key] for key in SCORED if key not in ("intermediate_size", "first_k_dense_replace")}
         | dict(num_key_value_heads=2, head_dim=8), n_routed_experts=6, n_group=3, topk_group=2, n_shared_experts=2,
         routed_scaling_factor=2.5, norm_topk_prob=True, partial_rotary_factor=1.0, **rope(1e6, **YARN)),
]
