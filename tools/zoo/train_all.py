"""Trains the models of the zoo, two side by side, each on one core.

    python tools/zoo/train_all.py --corpus DIR --out DIR --tokens 20000000 [--width 96] [MODEL ...]

A MODEL is family-blocks; without any, the six of the zoo, the longest first. Each goes to a folder of its own in --out,
what it prints to FOLDER.log. Started again, finished models are left alone and the others go on.
"""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ZOO = ["gpt2-12", "llama-12", "gpt2-8", "llama-8", "gpt2-4", "llama-4"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=ZOO)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(args.side_by_side) as pool:
        ends = dict(zip(args.models, pool.map(lambda name: train(name, args), args.models), strict=True))
    print(ends)
    sys.exit(any(ends.values()))


def train(name: str, args: argparse.Namespace) -> int:
    family, blocks = name.split("-")
    out = args.out / f"tinytown-{name}"
    if (out / "training.json").exists():
        return 0
    command = [sys.executable, str(Path(__file__).with_name("train_model.py")), "--family", family, "--blocks", blocks,
               "--width", str(args.width), "--tokens", str(args.tokens), "--lr", str(args.lr), "--seed", str(args.seed),
               "--corpus", args.corpus, "--out", str(out)]  # fmt: skip
    with Path(f"{out}.log").open("a") as log:
        code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
    print(f"{out}: ended with {code}", flush=True)
    return code


if __name__ == "__main__":
    main()
