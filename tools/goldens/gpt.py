"""gpt2 and the families that grew from it."""

from goldens.golden import Golden

GPT = [
    Golden(
        name="gpt2-base",
        family="gpt2",
        seed=9,
        n_tokens=12,
        exercises=[
            "published GPT-2 layout: names without `transformer.`, h.N.attn.bias masks in the file",
            "n_inner null means 4 * n_embd",
            "gelu_new",
            "generation up to the last position of the context",
        ],
        config=dict(n_embd=27, n_head=3, n_layer=3, vocab_size=97, n_positions=32, n_inner=None),
        hub_style=True,
        contrasts={
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
            "activation gelu": dict(activation_function="gelu"),
        },
    ),
    Golden(
        name="gpt2-options",
        family="gpt2",
        seed=43,
        n_tokens=15,
        exercises=[
            "names with `transformer.`, as save_pretrained writes them",
            "attention scores also divided by layer + 1",
            "exact (erf) gelu",
            "n_inner given",
            "layer_norm_epsilon 1e-4",
            "untied unembedding",
            "bf16 file",
        ],
        config=dict(
            n_embd=30, n_head=5, n_layer=4, vocab_size=109, n_positions=48, n_inner=50,
            scale_attn_by_inverse_layer_idx=True, scale_attn_weights=True, activation_function="gelu",
            layer_norm_epsilon=1e-4, tie_word_embeddings=False,
        ),
        dtype="bfloat16",
        contrasts={
            "scores not divided by layer + 1": dict(scale_attn_by_inverse_layer_idx=False),
            "activation gelu_new": dict(activation_function="gelu_new"),
            "layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5),
        },
    ),
]
