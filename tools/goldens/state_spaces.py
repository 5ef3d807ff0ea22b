"""Families with state spaces, those of Mamba-2: mamba2, falcon_h1."""

from goldens.golden import Golden, rope

STATE_SPACES = [
    Golden(
        name="mamba2-biased",
        family="mamba2",
        seed=401,
        n_tokens=15,
        exercises=[
            "a state space a block, and nothing else: 6 heads of 8, 3 groups of B and C, 5 states",
            "use_bias: biases on both projections; one on the convolution as well",
            "steps between 0.3 and 0.9",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, num_heads=6, head_dim=8, n_groups=3, state_size=5, num_hidden_layers=3, vocab_size=71,
            layer_norm_epsilon=1e-5, expand=2, conv_kernel=4, use_bias=True, use_conv_bias=True, initializer_range=0.02,
            time_step_limit=[0.3, 0.9], chunk_size=4, tie_word_embeddings=False,
        ),
        greedy=False,  # with a cache, transformers leaves out the limits of steps
        contrasts={
            "layer_norm_epsilon 1e-2": dict(layer_norm_epsilon=1e-2), "no limits": dict(time_step_limit=[0.0, float("inf")]),
            "steps from 0.4": dict(time_step_limit=[0.4, 0.9]), "steps to 0.8": dict(time_step_limit=[0.3, 0.8]),
        },
    ),
    Golden(
        name="mamba2-tied",
        family="mamba2",
        seed=402,
        n_tokens=14,
        exercises=[
            "5 heads of 12 in one group, steps without limits",
            "a convolution over 3 tokens without bias",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, num_heads=5, head_dim=12, n_groups=1, state_size=7, num_hidden_layers=3, vocab_size=61,
            layer_norm_epsilon=1e-4, expand=3, conv_kernel=3, use_conv_bias=False, initializer_range=0.02, chunk_size=8,
            tie_word_embeddings=True,
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_epsilon 1e-1": dict(layer_norm_epsilon=1e-1)},
    ),
    Golden(
        name="falcon-h1-factors",
        family="falcon_h1",
        seed=411,
        n_tokens=15,
        exercises=[
            "attention and a state space side by side, with factors before, inside and behind both",
            "6 heads of 7 state space channels, which is not twice the width of the stream; 2 groups, 5 states",
            "the result normed group by group before the gate; steps between 0.4 and 1.5",
            "factors on embedding, keys, gate and result of the MLP, and logits",
            "biases everywhere: attention, MLP, convolution, both projections of the state space",
            "grouped heads of a width of their own; untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=35, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
            vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-5, initializer_range=0.02,
            mamba_d_ssm=42, mamba_n_heads=6, mamba_d_head=7, mamba_n_groups=2, mamba_d_state=5, mamba_d_conv=4, mamba_chunk_size=4,
            mamba_conv_bias=True, mamba_proj_bias=True, projectors_bias=True, mamba_rms_norm=True, mamba_norm_before_gate=True,
            time_step_limit=[0.4, 1.5], attention_bias=True, mlp_bias=True, embedding_multiplier=1.7, lm_head_multiplier=0.6,
            key_multiplier=0.7, attention_in_multiplier=0.8, attention_out_multiplier=1.3, ssm_in_multiplier=1.2,
            ssm_out_multiplier=0.9, mlp_multipliers=[0.75, 1.25], ssm_multipliers=[0.7, 1.1, 0.8, 1.4, 0.6],
            tie_word_embeddings=False, **rope(1000000.0),
        ),
        old_style_config=False,
        greedy=False,  # with a cache, transformers leaves out the limits of steps
        contrasts={
            "norm behind the gate": dict(mamba_norm_before_gate=False), "key_multiplier 0.8": dict(key_multiplier=0.8),
            "attention_in_multiplier 0.9": dict(attention_in_multiplier=0.9), "ssm_in_multiplier 1": dict(ssm_in_multiplier=1.0),
            "attention_out_multiplier 1": dict(attention_out_multiplier=1.0), "ssm_out_multiplier 1": dict(ssm_out_multiplier=1.0),
            "theta 100": rope(100.0), "no limits": dict(time_step_limit=[0.0, float("inf")]),
            "other ssm_multipliers": dict(ssm_multipliers=[0.7, 1.1, 1.4, 0.8, 0.6]),
        },
    ),
    Golden(
        name="falcon-h1-tied",
        family="falcon_h1",
        seed=413,
        n_tokens=14,
        exercises=[
            "a state space without a norm, twice as wide as the stream: mamba_d_ssm null, mamba_d_head auto",
            "a convolution over 3 tokens without bias, no factors but on the embedding",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1, vocab_size=61,
            max_position_embeddings=64, rms_norm_eps=1e-4, initializer_range=0.02, mamba_d_ssm=None, mamba_n_heads=5,
            mamba_n_groups=1, mamba_d_state=7, mamba_d_conv=3, mamba_conv_bias=False, embedding_multiplier=0.5,
            tie_word_embeddings=True, **rope(10000.0),
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"rms_norm_eps 1e-1": dict(rms_norm_eps=1e-1), "theta 10": rope(10.0)},
    ),
    Golden(
        name="bamba-biased",
        family="bamba",
        seed=421,
        n_tokens=15,
        exercises=[
            "attention in block 1, state spaces in blocks 0 and 2: 6 heads of 8, 2 groups, 5 states, normed all together",
            "half of each head turned, grouped heads",
            "biases on attention, MLP, convolution, and both projections of the state space",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=35, num_hidden_layers=3, num_attention_heads=3, num_key_value_heads=1,
            vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-5, initializer_range=0.02, attn_layer_indices=[1],
            mamba_n_heads=6, mamba_n_groups=2, mamba_d_state=5, mamba_d_conv=4, mamba_chunk_size=4, mamba_proj_bias=True,
            attention_bias=True, mlp_bias=True, tie_word_embeddings=False,
            **rope(1000000.0, partial_rotary_factor=0.5),
        ),
        old_style_config=False,
        greedy=False,  # with a cache, and no positions given, transformers counts them from 0
        contrasts={"rms_norm_eps 1e-2": dict(rms_norm_eps=1e-2), "theta 100": rope(100.0, partial_rotary_factor=0.5)},
    ),
    Golden(
        name="bamba-tied",
        family="bamba",
        seed=425,
        n_tokens=14,
        exercises=["attention in block 0 alone", "a convolution over 3 tokens without bias", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=16, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=2, vocab_size=61,
            max_position_embeddings=64, rms_norm_eps=1e-4, initializer_range=0.02, attn_layer_indices=[0], mamba_expand=3,
            mamba_n_heads=6, mamba_n_groups=1, mamba_d_state=7, mamba_d_conv=3, mamba_conv_bias=False,
            tie_word_embeddings=True, **rope(10000.0, partial_rotary_factor=0.5),
        ),
        dtype="bfloat16",
        old_style_config=False,
        greedy=False,  # with a cache, and no positions given, transformers counts them from 0
        contrasts={"rms_norm_eps 1e-1": dict(rms_norm_eps=1e-1)},
    ),
    Golden(
        name="granite-hybrid-experts",
        family="granitemoehybrid",
        seed=431,
        n_tokens=15,
        exercises=[
            "state spaces in blocks 0 and 2, attention in block 1, without positions",
            "3 of 6 experts, and an MLP of another width beside them",
            "factors on embedding, scores, what is added, and logits",
            "biases on attention and on the projections of the state space; untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=13, shared_intermediate_size=19, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-5, initializer_range=0.02,
            num_local_experts=6, num_experts_per_tok=3, layer_types=["linear_attention", "full_attention", "linear_attention"],
            mamba_n_heads=6, mamba_d_head=8, mamba_n_groups=2, mamba_d_state=5, mamba_d_conv=4, mamba_proj_bias=True,
            attention_bias=True, embedding_multiplier=1.5, attention_multiplier=0.3, residual_multiplier=0.7, logits_scaling=1.6,
            tie_word_embeddings=False,
        ),
        old_style_config=False,
        contrasts={
            "2 experts": dict(num_experts_per_tok=2), "residual_multiplier 1": dict(residual_multiplier=1.0),
            "attention_multiplier 1": dict(attention_multiplier=1.0), "turned": dict(position_embedding_type="rope"),
        },
    ),
    Golden(
        name="granite-hybrid-dense",
        family="granitemoehybrid",
        seed=434,
        n_tokens=14,
        exercises=[
            "no experts: num_local_experts 0", "position_embedding_type rope", "a convolution over 3 tokens without bias",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=27, shared_intermediate_size=23, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-4, initializer_range=0.02,
            num_local_experts=0, num_experts_per_tok=0, layer_types=["full_attention", "linear_attention", "linear_attention"],
            position_embedding_type="rope", mamba_n_heads=5, mamba_n_groups=1, mamba_d_state=7, mamba_d_conv=3, mamba_conv_bias=False,
            attention_multiplier=0.4, tie_word_embeddings=True, **rope(10000.0),
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"theta 10": rope(10.0), "not turned": dict(position_embedding_type="nope")},
    ),
]
