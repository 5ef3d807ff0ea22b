"""Random blocks of every quantised format that is read, and what the gguf package decodes them to.

    python tools/gguf_blocks.py --out core/src/test/resources/gguf/blocks.json

Half of the blocks of a format have scales as in models, the other half are random bytes, scales that are no numbers
included. Of all weights there is a SHA-256 (float32, little-endian, every NaN as 0x7fc00000); of the first block of
each half the weights themselves, as the bits of their float32.
"""

import argparse
import base64
import hashlib
import json
from pathlib import Path

import gguf
import numpy as np
from gguf.quants import dequantize

BLOCKS = 24  # of each half

# Where a block has its scales: offsets of float16.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0], "MXFP4": [],
    "TQ1_0": [52], "TQ2_0": [64],
}


def random_blocks(name: str, size: int, generator: np.random.Generator) -> np.ndarray:
    blocks = generator.integers(0, 256, (2 * BLOCKS, size), dtype=np.uint8)
    for offset in SCALES[name]:
        scales = generator.normal(0, 0.02, BLOCKS).astype("<f2")
        blocks[:BLOCKS, offset:offset + 2] = scales.view(np.uint8).reshape(BLOCKS, 2)
    if not SCALES[name]:  # the power of two
        blocks[:BLOCKS, 0] = generator.integers(110, 130, BLOCKS)
    return blocks


def bits(weights: np.ndarray) -> np.ndarray:
    found = weights.astype("<f4").view("<u4").copy()
    found[np.isnan(weights)] = 0x7FC00000
    return found


def golden(name: str, generator: np.random.Generator) -> dict:
    kind = gguf.GGMLQuantizationType[name]
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = random_blocks(name, size, generator)
    with np.errstate(all="ignore"):
        decoded = bits(dequantize(blocks, kind)).reshape(2 * BLOCKS, weights)
    return {
        "format": name,
        "weights": weights,
        "bytes": size,
        "blocks": base64.b64encode(blocks.tobytes()).decode(),
        "sha256": hashlib.sha256(decoded.tobytes()).hexdigest(),
        "first": [decoded[0].tolist(), decoded[BLOCKS].tolist()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    generator = np.random.default_rng(args.seed)
    formats = [golden(name, generator) for name in SCALES]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(one) for one in formats)
    args.out.write_text(f"[\n{lines}\n]\n")
    print(f"{args.out}: {len(formats)} formats, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
