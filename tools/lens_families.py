"""How far the profiles of two models are apart through each lens, from runs of `study strategies --lens --nulls`.

    python tools/lens_families.py RUN [RUN ...] [--pair MODEL MODEL]

The texts are those that `families` measures. A profile is the mean over texts of entropies in nats, interpolated to 25
relative depths. Columns, for each lens, for the null of drift through it, and for the same tokens in random order:

distance           root mean square over depths of the two models' profiles, with 95 % of a bootstrap over texts
floor of texts     the same of two random halves of one model's texts, mean of 1,000; of both models the larger
floor of the lens  the same of one model through the second lens of the kind; of both models the larger
shape              Pearson's correlation of the two profiles over depths, whatever their level, with 95 %
own shape          the same of each model's profile with its own through the logit lens
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

DEPTHS = 25
DRAWS = 1000
STUDIES = {"strategies": "", "strategies/shuffled": ", random order"}
COLUMNS = ["lens", "distance, nats", "floor of texts", "floor of the lens", "shape", "own shape"]


def profiles(runs: list[Path], blocks: dict[str, int]) -> dict[tuple[str, str], np.ndarray]:
    """(lens, model): [texts, depths], in nats."""
    found = {}
    for run in runs:
        rows = pd.read_parquet(run / "profiles.parquet", columns=["study", "model", "lens", "text_id", "layer", "entropy"])
        rows = rows[rows.study.isin(list(STUDIES)) & (rows.layer > 0)]
        rows = rows[~rows.model.str.endswith("(untrained)")]
        blocks.update(rows.groupby("model")["layer"].max())
        for (study, lens, model), its in rows.groupby(["study", "lens", "model"]):
            found[lens + STUDIES[study], model] = its.groupby(["text_id", "layer"])["entropy"].mean().unstack().to_numpy()
    return found


def over_depth(texts: np.ndarray, shallowest: int) -> np.ndarray:
    grid = np.linspace(1 / shallowest, 1, DEPTHS)
    depth = np.arange(1, texts.shape[1] + 1) / texts.shape[1]
    return np.array([np.interp(grid, depth, text) for text in texts])


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


def shape(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def interval(of, one: np.ndarray, other: np.ndarray, digits: int) -> str:
    random = np.random.default_rng(0)
    means = [
        [texts[random.integers(len(texts), size=len(texts))].mean(0) for texts in (one, other)] for _ in range(DRAWS)
    ]
    low, high = np.quantile([of(*pair) for pair in means], [0.025, 0.975])
    return f"{of(one.mean(0), other.mean(0)):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def halves(texts: np.ndarray) -> float:
    random = np.random.default_rng(0)
    orders = [random.permutation(len(texts)) for _ in range(DRAWS)]
    return float(np.mean([distance(texts[order[::2]].mean(0), texts[order[1::2]].mean(0)) for order in orders]))


def row(found: dict, lens: str, pair: list[str]) -> list[str]:
    one, other = (found[lens, model] for model in pair)
    floor = "–"
    if all((f"{lens} 2", model) in found for model in pair):
        floor = f"{max(distance(found[lens, m].mean(0), found[f'{lens} 2', m].mean(0)) for m in pair):.2f}"
    return [
        lens,
        interval(distance, one, other, 2),
        f"{max(halves(one), halves(other)):.2f}",
        floor,
        interval(shape, one, other, 2),
        " / ".join(f"{shape(found[lens, m].mean(0), found['logit', m].mean(0)):.2f}" for m in pair),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, nargs="+")
    parser.add_argument("--pair", nargs=2, metavar="MODEL", help="of more than two models, these")
    arguments = parser.parse_args()
    blocks: dict[str, int] = {}
    found = profiles(arguments.run, blocks)
    pair = arguments.pair or list(blocks)
    if len(pair) != 2 or any(model not in blocks for model in pair):
        parser.error(f"name two of these with --pair: {', '.join(blocks)}")
    shallowest = min(blocks[model] for model in pair)
    found = {key: over_depth(texts, shallowest) for key, texts in found.items() if key[1] in pair}
    lenses = [lens for lens, model in found if model == pair[0] and (lens, pair[1]) in found]
    print(f"{pair[0]} beside {pair[1]}\n")
    print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|")
    for lens in lenses:
        print("| " + " | ".join(row(found, lens, pair)) + " |")


if __name__ == "__main__":
    main()
