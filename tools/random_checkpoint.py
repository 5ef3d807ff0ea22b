"""Writes a random checkpoint in the shape of a published model, for benchmarks. No tokenizer.

    python tools/random_checkpoint.py --shape gpt2 --dtype f32 --out DIR
"""

import argparse
from pathlib import Path

import torch
import transformers
from random_weights import randomise

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


def gpt2_small():
    return transformers.GPT2LMHeadModel(transformers.GPT2Config())  # the defaults are GPT-2 small's


def llama_1b_ish():
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        hidden_size=2048, intermediate_size=8192, num_hidden_layers=16, num_attention_heads=32,
        num_key_value_heads=8, vocab_size=32768, max_position_embeddings=8192, rms_norm_eps=1e-5,
        tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 500000.0},
    ))


SHAPES = {"gpt2": gpt2_small, "llama-1b-ish": llama_1b_ish}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="gpt2")
    parser.add_argument("--dtype", choices=DTYPES, default="f32")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    transformers.logging.disable_progress_bar()
    # Drawn in float32 whatever the dtype, so that the bf16 checkpoint is the f32 one rounded.
    model = SHAPES[args.shape]()
    randomise(model, args.seed)
    model.to(DTYPES[args.dtype]).save_pretrained(args.out)
    millions = sum(p.numel() for p in model.parameters()) / 1e6
    print(f"{args.out}: {args.shape}, {millions:.0f} M parameters, {args.dtype}, seed {args.seed}")


if __name__ == "__main__":
    main()
