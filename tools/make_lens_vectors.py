"""Makes what the ridge regression of fitted lenses is held against: what scikit-learn makes of the same rows.

    python tools/make_lens_vectors.py --out core/src/test/resources/lenses/ridge.json

The rows are a function of a seed, in whole numbers, so that they need not be written. H - h is regressed on h, with an intercept,
and alpha is lambda times the number of rows times the mean variance of a column of h. The same versions on the same kind of
processor give the same bytes.
"""

import argparse
import platform
from pathlib import Path

import numpy as np
import sklearn
from golden_checkpoint import write_json
from sklearn.linear_model import Ridge

# seed, width, rows, lambda; fewer rows than columns, more columns than a block of the solver
CASES = [(1, 5, 12, 0.01), (2, 40, 30, 0.1), (3, 70, 200, 1e-6), (4, 33, 100, 1000.0)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    write_json(out, {"produced_by": {"script": "tools/make_lens_vectors.py"} | versions, "cases": [case(*c) for c in CASES]})


def uniform(seed: int, count: int) -> np.ndarray:
    """The generator of Numerical Recipes, modulo 2^32, as numbers from -0.5 to 0.5."""
    numbers, state = [], seed
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        numbers.append(state / 2**32 - 0.5)
    return np.array(numbers)


def case(seed: int, width: int, rows: int, lam: float) -> dict:
    noise = uniform(seed, 2 * rows * width).reshape(2, rows, width)
    h = noise[0] + 3.0 * np.arange(width) / width  # columns whose means differ
    last = h + 0.5 * np.roll(h, 1, axis=1) + noise[1] + 1.0
    alpha = lam * rows * h.var(axis=0).mean()
    fit = Ridge(alpha=alpha, solver="svd").fit(h, last - h)
    outputs = sorted({0, width // 2, width - 1})
    return {
        "seed": seed,
        "width": width,
        "rows": rows,
        "lambda": lam,
        "outputs": outputs,
        "a": [[float(f"{x:.15g}") for x in fit.coef_[i]] for i in outputs],
        "b": [float(f"{x:.15g}") for x in fit.intercept_],
    }


if __name__ == "__main__":
    main()
