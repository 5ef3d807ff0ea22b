"""Families with state spaces, those of Mamba-2: mamba2."""

from goldens.golden import Golden

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
]
