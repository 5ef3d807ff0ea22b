"""Families with selective scans: mamba, falcon_mamba, jamba."""

from goldens.golden import Golden

SCANS = [
    Golden(
        name="mamba-biased",
        family="mamba",
        seed=310,
        n_tokens=15,
        exercises=[
            "a selective scan a block, and nothing else: 34 channels of 5 states, steps out of 3 elements",
            "use_bias: biases on both projections; one on the convolution as well",
            "an activation after the convolution that is not the gate's",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=17, state_size=5, num_hidden_layers=3, vocab_size=71, layer_norm_epsilon=1e-5, expand=2,
            conv_kernel=4, use_bias=True, use_conv_bias=True, hidden_act="gelu", time_step_rank=3,
            initializer_range=0.02, tie_word_embeddings=False,
        ),
        contrasts={"layer_norm_epsilon 1e-2": dict(layer_norm_epsilon=1e-2)},
    ),
    Golden(
        name="mamba-tied",
        family="mamba",
        seed=321,
        n_tokens=14,
        exercises=[
            "60 channels, three for each element of the stream, of 4 states; steps out of two elements: auto",
            "a convolution over 3 tokens without bias",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, state_size=4, num_hidden_layers=3, vocab_size=61, layer_norm_epsilon=1e-4, expand=3,
            conv_kernel=3, use_conv_bias=False, initializer_range=0.02,
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_epsilon 1e-1": dict(layer_norm_epsilon=1e-1)},
    ),
    Golden(
        name="falcon-mamba-untied",
        family="falcon_mamba",
        seed=310,
        n_tokens=15,
        exercises=[
            "norms without weights of what makes steps, of B and of C",
            "32 channels of 6 states, steps out of 4 elements, though expand says 5 times as many as in the stream",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=16, intermediate_size=32, expand=5, state_size=6, num_hidden_layers=3, vocab_size=71,
            layer_norm_epsilon=1e-5, time_step_rank=4, mixer_rms_eps=1e-6, initializer_range=0.02,
            tie_word_embeddings=False,
        ),
        contrasts={"layer_norm_epsilon 1e-2": dict(layer_norm_epsilon=1e-2)},
    ),
    Golden(
        name="falcon-mamba-tied",
        family="falcon_mamba",
        seed=310,
        n_tokens=13,
        exercises=[
            "use_bias: biases on both projections; none on the convolution, over 2 tokens",
            "264 channels, more than are scanned at once; another mixer_rms_eps",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=16, intermediate_size=264, state_size=3, num_hidden_layers=2, vocab_size=61,
            layer_norm_epsilon=1e-4, time_step_rank=2, conv_kernel=2, use_bias=True, use_conv_bias=False, mixer_rms_eps=1e-2, initializer_range=0.02,
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_epsilon 1e-1": dict(layer_norm_epsilon=1e-1), "mixer_rms_eps 1": dict(mixer_rms_eps=1.0)},
    ),
    Golden(
        name="jamba-experts",
        family="jamba",
        seed=330,
        n_tokens=15,
        exercises=[
            "scans in blocks 0, 2 and 3, attention without positions in block 1: attn_layer_period 4",
            "2 of 5 experts, with their shares of all, in blocks 0 and 3: expert_layer_period 3; an MLP in the others",
            "norms of what makes steps, of B and of C; mamba_proj_bias: biases on a scan's projections",
            "48 channels of 5 states, steps out of 2 elements: auto; grouped heads",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=13, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            vocab_size=71, rms_norm_eps=1e-5, max_position_embeddings=64, num_experts=5, num_experts_per_tok=2,
            expert_layer_period=3, expert_layer_offset=0, attn_layer_period=4, attn_layer_offset=1, mamba_d_state=5,
            mamba_d_conv=3, mamba_proj_bias=True, tie_word_embeddings=False,
        ),
        contrasts={
            "3 experts": dict(num_experts_per_tok=3), "rms_norm_eps 1e-2": dict(rms_norm_eps=1e-2),
        },
    ),
    Golden(
        name="jamba-tied",
        family="jamba",
        seed=330,
        n_tokens=13,
        exercises=[
            "one expert: MLPs alone",
            "60 channels of 3 states, steps out of 4 elements; no bias on the convolution",
            "attention with one key-value head in block 2",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=1,
            vocab_size=61, rms_norm_eps=1e-4, max_position_embeddings=64, num_experts=1, num_experts_per_tok=1,
            attn_layer_period=3, attn_layer_offset=2, mamba_d_state=3, mamba_d_conv=4, mamba_expand=3, mamba_dt_rank=4,
            mamba_conv_bias=False, tie_word_embeddings=True,
        ),
        dtype="bfloat16",
        contrasts={"rms_norm_eps 1e-1": dict(rms_norm_eps=1e-1)},
    ),
]
