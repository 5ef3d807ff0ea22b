"""Compares two entropy profiles of the same greedy generation.

    python tools/compare_profile.py ours.json theirs.json [--atol 1e-4]

Both files have `entropy` [tokens x layers] and `generated_ids`. Exit 0: they agree, 1: they do not.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours", type=Path)
    parser.add_argument("theirs", type=Path)
    parser.add_argument("--atol", type=float, default=1e-3, help="largest difference in nats that still agrees")
    args = parser.parse_args()
    ours_ids, ours = read(args.ours)
    theirs_ids, theirs = read(args.theirs)
    if ours.shape != theirs.shape:
        print(f"shapes differ: ours {ours.shape}, theirs {theirs.shape} [tokens, layers]")
        return 1
    same_ids = report_ids(ours_ids, theirs_ids)
    same_entropy = report_entropy(ours, theirs, comparable_rows(ours_ids, theirs_ids), args.atol)
    return 0 if same_ids and same_entropy else 1


def read(file: Path) -> tuple[list[int], np.ndarray]:
    content = json.loads(file.read_text())
    return content["generated_ids"], np.array(content["entropy"], dtype=np.float64)


def first_difference(ours: list[int], theirs: list[int]) -> int | None:
    return next((k for k, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b), None)


def comparable_rows(ours_ids: list[int], theirs_ids: list[int]) -> int:
    """Row k is read before id k is chosen: rows up to and including the first differing id had equal input."""
    k = first_difference(ours_ids, theirs_ids)
    return len(ours_ids) if k is None else k + 1


def report_ids(ours: list[int], theirs: list[int]) -> bool:
    k = first_difference(ours, theirs)
    if k is None:
        print(f"generated ids: all {len(ours)} equal")
        return True
    print(f"generated ids: first difference at token {k}: ours {ours[k]}, theirs {theirs[k]}")
    return False


def report_entropy(ours: np.ndarray, theirs: np.ndarray, n_rows: int, atol: float) -> bool:
    difference = np.abs(ours[:n_rows] - theirs[:n_rows])
    token, layer = np.unravel_index(np.nanargmax(difference), difference.shape)
    print(
        f"entropy: max abs difference {difference.max():.3g} nats (token {token}, layer {layer}), "
        f"mean {difference.mean():.3g}, over {n_rows} tokens x {ours.shape[1]} layers; limit {atol:g}"
    )
    return bool(difference.max() <= atol)  # False for NaN, as it must be


if __name__ == "__main__":
    sys.exit(main())
