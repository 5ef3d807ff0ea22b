"""Dense families that descend from llama: other norms, activations, blocks that turn nothing."""

from goldens.golden import Golden, rope

DENSE = [
    Golden(
        name="smollm3-interval",
        family="smollm3",
        seed=300,
        n_tokens=14,
        exercises=["every second block turns nothing: no_rope_layer_interval 2", "attention_bias and mlp_bias", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=27, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-5, attention_bias=True, mlp_bias=True,
            no_rope_layer_interval=2, tie_word_embeddings=False, pad_token_id=0, **rope(500.0),
        ),
        contrasts={
            "every block turns": dict(no_rope_layers=[1, 1, 1, 1]), "rope_theta 10000": rope(10000.0),
            "no biases": dict(attention_bias=False, mlp_bias=False),
        },
    ),
    Golden(
        name="smollm3-windows",
        family="smollm3",
        seed=301,
        n_tokens=13,
        exercises=["no_rope_layers names the blocks that turn nothing, and only these have a window", "no biases", "tied unembedding"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
            vocab_size=73, max_position_embeddings=64, use_sliding_window=True, sliding_window=5,
            no_rope_layers=[0, 1, 0], tie_word_embeddings=True, pad_token_id=0, **rope(777.0),
        ),
        contrasts={
            "the other blocks turn": dict(no_rope_layers=[1, 0, 1]),
            "no windows": dict(use_sliding_window=False, layer_types=["full_attention"] * 3),
        },
    ),
    Golden(
        name="cohere-tied",
        family="cohere",
        seed=300,
        n_tokens=14,
        exercises=["attention and MLP read one layer norm without bias", "neighbours are turned", "logit_scale 0.8", "tied unembedding"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
            vocab_size=73, max_position_embeddings=64, logit_scale=0.8, tie_word_embeddings=True, **rope(10000.0),
        ),
        contrasts={"logit_scale 1": dict(logit_scale=1.0), "rope_theta 500": rope(500.0)},
    ),
    Golden(
        name="cohere-normed",
        family="cohere",
        seed=301,
        n_tokens=13,
        exercises=["use_qk_norm: q and k normed, each head with its own weights", "attention_bias on q, k, v and o", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
            vocab_size=61, max_position_embeddings=64, layer_norm_eps=1e-3, use_qk_norm=True, attention_bias=True,
            logit_scale=1.3, tie_word_embeddings=False, **rope(777.0),
        ),
        contrasts={
            "no norms of q and k": dict(use_qk_norm=False), "no biases": dict(attention_bias=False),
            "layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5), "logit_scale 1": dict(logit_scale=1.0),
        },
    ),
    Golden(
        name="cohere2-pattern",
        family="cohere2",
        seed=300,
        n_tokens=14,
        exercises=["every fourth block sees all and turns nothing, the others have a window", "tied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, vocab_size=67,
            max_position_embeddings=64,
            sliding_window=5, logit_scale=0.8, tie_word_embeddings=True, num_hidden_layers=5,
            **rope(500.0),
        ),
        contrasts={"window 3": dict(sliding_window=3), "logit_scale 1": dict(logit_scale=1.0), "rope_theta 10000": rope(10000.0)},
    ),
    Golden(
        name="cohere2-types",
        family="cohere2",
        seed=300,
        n_tokens=14,
        exercises=["layer_types names the windows", "attention_bias", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, vocab_size=67,
            max_position_embeddings=64,
            sliding_window=4, layer_types=["full_attention", "sliding_attention", "full_attention"], attention_bias=True, logit_scale=1.3, tie_word_embeddings=False, num_hidden_layers=3,
            **rope(500.0),
        ),
        contrasts={"no biases": dict(attention_bias=False), "window 6": dict(sliding_window=6), "logit_scale 1": dict(logit_scale=1.0), "rope_theta 10000": rope(10000.0)},
    ),
    Golden(
        name="starcoder2-windows",
        family="starcoder2",
        seed=301,
        n_tokens=14,
        exercises=["layer norms and biases everywhere, an MLP without a gate", "a sliding window in every block", "tied unembedding"],
        config=dict(
            num_hidden_layers=3, vocab_size=67, max_position_embeddings=64,
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2,
            norm_epsilon=1e-3, sliding_window=5, tie_word_embeddings=True, **rope(500.0),
        ),
        contrasts={"window 3": dict(sliding_window=3), "no biases": dict(use_bias=False), "norm_epsilon 1e-5": dict(norm_epsilon=1e-5)},
    ),
    Golden(
        name="starcoder2-unbiased",
        family="starcoder2",
        seed=300,
        n_tokens=14,
        exercises=["no biases but those of the norms", "no window", "untied unembedding"],
        config=dict(
            num_hidden_layers=3, vocab_size=67, max_position_embeddings=64,
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=1,
            use_bias=False, tie_word_embeddings=False, **rope(10000.0),
        ),
        contrasts={"rope_theta 500": rope(500.0), "gelu": dict(hidden_act="relu")},
    ),
    Golden(
        name="arcee-gqa",
        family="arcee",
        seed=300,
        n_tokens=14,
        exercises=["relu² without a gate", "no biases", "untied unembedding"],
        config=dict(
            num_hidden_layers=3, vocab_size=67, max_position_embeddings=64,
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2,
            tie_word_embeddings=False, **rope(10000.0),
        ),
        contrasts={"relu": dict(hidden_act="relu"), "rope_theta 500": rope(500.0)},
    ),
    Golden(
        name="arcee-biased",
        family="arcee",
        seed=301,
        n_tokens=14,
        exercises=["biases everywhere", "tied unembedding"],
        config=dict(
            num_hidden_layers=3, vocab_size=67, max_position_embeddings=64,
            hidden_size=20, intermediate_size=31, num_attention_heads=2,
            rms_norm_eps=1e-3, attention_bias=True, mlp_bias=True, tie_word_embeddings=True, **rope(500.0),
        ),
        contrasts={"no biases": dict(attention_bias=False, mlp_bias=False), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
]
