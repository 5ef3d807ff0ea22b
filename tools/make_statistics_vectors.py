"""Makes the numbers that the functions of the studies are held against: scikit-learn's, SciPy's, statsmodels'.

    python tools/make_statistics_vectors.py --out study/src/test/resources/statistics

One JSON per subject, with its inputs, the versions and what was computed. The same versions give the same bytes.
"""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    pairwise_distances,
    roc_auc_score,
)
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

LIBRARIES = ["numpy", "scipy", "scikit-learn", "statsmodels"]


def rounded(values: np.ndarray, digits: int = 4) -> np.ndarray:
    """Inputs with few digits: the files stay small, and both sides read the same doubles."""
    return np.round(values, digits)


def clusters(seed: int, rows: int, features: int, classes: int, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes with features of different scales, one of them constant."""
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(rows) % classes)
    centres = random.normal(size=(classes, features)) * spread
    scales = np.exp(random.normal(size=features))
    data = (centres[labels] + random.normal(size=(rows, features))) * scales + 3 * random.normal(size=features)
    data[:, -1] = 2.5
    return rounded(data), labels


def rank_correlation() -> dict:
    random = np.random.default_rng(1)
    cases = []
    for n, distinct in [(5, 50), (40, 6), (40, 1000), (200, 20)]:
        a = random.integers(0, distinct, n).astype(float)
        b = np.floor(0.5 * a + random.integers(0, distinct, n))
        cases.append({"a": a, "b": b, "spearman": stats.spearmanr(a, b).statistic})
    return {"cases": cases}


def quantiles() -> dict:
    values = rounded(np.random.default_rng(2).normal(size=23))
    q = np.array([0, 0.025, 0.1, 0.25, 1 / 3, 0.5, 0.9, 0.975, 1])
    return {"values": values, "q": q, "quantiles": np.quantile(values, q, method="linear")}


def bootstrap() -> dict:
    random = np.random.default_rng(3)
    a, b = rounded(random.normal(size=30)), rounded(random.normal(size=30) + 0.3)
    samples = random.integers(0, 30, size=(200, 30))
    groups = np.repeat(np.arange(10), 3)
    means = a[samples].mean(axis=1)
    differences = (a - b)[samples].mean(axis=1)
    return {
        "a": a, "b": b, "samples": samples, "groups": groups, "level": 0.9,
        "mean": [a.mean(), *np.percentile(means, [5, 95])],
        "paired_difference": [(a - b).mean(), *np.percentile(differences, [5, 95])],
    }  # fmt: skip


def neighbours() -> dict:
    data, labels = clusters(4, 240, 8, 3, 0.7)
    train, test = data[:160], data[160:]
    cases = []
    for k in (1, 3, 10, 29):
        model = KNeighborsClassifier(k, algorithm="brute").fit(train, labels[:160])
        probabilities = model.predict_proba(test)
        cases.append({
            "k": k, "probabilities": probabilities, "predicted": model.predict(test),
            "macro_auc": roc_auc_score(labels[160:], probabilities, multi_class="ovr", average="macro"),
        })  # fmt: skip
    return {"features": data, "labels": labels, "train_rows": 160, "cases": cases}


def logistic() -> dict:
    cases = []
    for seed, classes, c in [(5, 2, 1.0), (6, 3, 1.0), (7, 5, 0.05), (8, 3, 100.0)]:
        data, labels = clusters(seed, 150, 6, classes)
        model = LogisticRegression(C=c, tol=1e-12, max_iter=100_000)
        pipeline = make_pipeline(StandardScaler(), model).fit(data[:100], labels[:100])
        scaler = pipeline[0]
        cases.append({
            "features": data, "labels": labels, "classes": classes, "c": c, "train_rows": 100,
            "means": scaler.mean_, "scales": scaler.scale_,
            "coefficients": model.coef_, "intercepts": model.intercept_,
            "probabilities": pipeline.predict_proba(data[100:]),
        })  # fmt: skip
    return {"cases": cases}


def scores() -> dict:
    random = np.random.default_rng(9)
    cases = []
    for classes, rows, steps in [(2, 50, 7), (2, 50, 10_000), (4, 120, 5), (4, 120, 10_000)]:
        labels = random.permutation(np.arange(rows) % classes)
        labels[: rows // 4] = 0
        votes = random.integers(0, steps, size=(rows, classes)) + 1.0
        votes[np.arange(rows), labels] += steps * 0.3
        probabilities = rounded(votes / votes.sum(axis=1, keepdims=True), 12)
        probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
        predicted = probabilities.argmax(axis=1)
        given = probabilities[:, 1] if classes == 2 else probabilities
        cases.append({
            "labels": labels, "probabilities": probabilities, "predicted": predicted,
            "macro_auc": roc_auc_score(labels, given, multi_class="ovr", average="macro"),
            "accuracy": accuracy_score(labels, predicted),
            "balanced_accuracy": balanced_accuracy_score(labels, predicted),
            "confusion": confusion_matrix(labels, predicted, labels=range(classes)),
        })  # fmt: skip
    return {"cases": cases}


def folds() -> dict:
    random = np.random.default_rng(10)
    labels = np.sort(random.integers(0, 3, 100))[random.permutation(100)]
    sizes = [
        np.bincount(labels[test], minlength=3)
        for _, test in StratifiedKFold(7, shuffle=True, random_state=0).split(labels, labels)
    ]
    cases = []
    for classes, groups, k in [(3, 20, 5), (2, 12, 3), (4, 40, 10)]:
        group = np.sort(random.integers(0, groups, 200))
        leaning = random.integers(0, classes, groups)
        y = np.where(random.random(200) < 0.5, leaning[group], random.integers(0, classes, 200))
        tested_in = np.empty(200, int)
        for fold, (_, test) in enumerate(StratifiedGroupKFold(k).split(y, y, group)):
            tested_in[test] = fold
        cases.append({"labels": y, "groups": group, "folds": k, "tested_in": tested_in})
    return {"labels": labels, "folds": 7, "class_sizes": sizes, "grouped": cases}


def wilcoxon(a: np.ndarray, b: np.ndarray) -> dict:
    """Exact by all assignments of signs below 25 differences other than 0, else asymptotic."""
    difference = (a - b)[a != b]
    if len(difference) < 25:
        ranks = stats.rankdata(abs(difference))
        signs = (np.arange(2 ** len(ranks))[:, None] >> np.arange(len(ranks))) & 1
        smaller = min(ranks[difference > 0].sum(), ranks[difference < 0].sum())
        p = min(1.0, 2 * np.mean(signs @ ranks <= smaller))
        if len(np.unique(ranks)) == len(ranks):
            scipys = stats.wilcoxon(a, b, method="exact").pvalue
            assert abs(p - scipys) < 1e-12, (p, scipys)
        return {"statistic": smaller, "p": p}
    result = stats.wilcoxon(a, b, zero_method="wilcox", correction=False, method="asymptotic")
    return {"statistic": result.statistic, "p": result.pvalue}


def paired() -> dict:
    random = np.random.default_rng(11)
    cases = []
    for n, digits, shift in [(10, 4, 0.3), (10, 1, 0.2), (16, 0, 0.5), (25, 4, 0.2), (60, 1, 0.1), (200, 1, 0.5)]:
        a = np.round(random.normal(size=n) + shift, digits)
        b = np.round(random.normal(size=n), digits)
        t = stats.ttest_rel(a, b)
        d = a - b
        corrected = d.mean() / np.sqrt((1 / n + 1 / 9) * d.var(ddof=1))
        cases.append({
            "a": a, "b": b, "t": t.statistic, "t_p": t.pvalue, "wilcoxon": wilcoxon(a, b),
            "test_to_train": 1 / 9, "corrected_t": corrected, "corrected_p": 2 * stats.t.sf(abs(corrected), n - 1),
        })  # fmt: skip
    tables = []
    for b, c in [(0, 0), (0, 6), (3, 11), (10, 10), (12, 13), (40, 75), (5, 300)]:
        table = [[100, b], [c, 50]]
        exact, chi = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True) if b != c else None
        tables.append({
            "only_first": b, "only_second": c, "exact_p": exact.pvalue,
            "chi_squared": chi.statistic if chi else 0.0, "chi_squared_p": chi.pvalue if chi else 1.0,
        })  # fmt: skip
    return {"cases": cases, "mcnemar": tables}


def corrections() -> dict:
    p = [np.array(v) for v in ([0.04], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 1e-6, 0.9, 0.05, 0.0499], [0.5, 0.6, 0.7])]
    proportions = []
    for successes, cases, level in [(0, 10, 0.95), (10, 10, 0.95), (3, 17, 0.95), (131, 600, 0.99), (1, 1, 0.9)]:
        interval = proportion_confint(successes, cases, alpha=1 - level, method="wilson")
        proportions.append({"successes": successes, "cases": cases, "level": level, "interval": interval})
    return {
        "holm": [{"p": v, "adjusted": multipletests(v, method="holm")[1]} for v in p],
        "wilson": proportions,
    }


def profiles() -> dict:
    random = np.random.default_rng(12)
    rows = [rounded(5 + random.normal(size=layers).cumsum()) for layers in (4, 6, 12, 12, 28)]
    grid = np.linspace(1 / 4, 1, 20)
    wide = np.linspace(0, 1.1, 23)

    def interpolated(row: np.ndarray, x: np.ndarray) -> np.ndarray:
        return np.interp(x, np.arange(1, len(row) + 1) / len(row), row)

    common = np.array([interpolated(row, grid) for row in rows])
    labels = np.array([0, 0, 1, 1, 1])
    distances = pairwise_distances(common)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    return {
        "profiles": [{"entropy": row} for row in rows], "points": 20, "grid": grid, "interpolated": common,
        "wide_grid": wide, "clamped": [interpolated(row, wide) for row in rows],
        "labels": labels, "euclidean": distances, "rms": distances / np.sqrt(20),
        "within": np.mean([distances[i, j] for i, j in pairs if labels[i] == labels[j]]),
        "between": np.mean([distances[i, j] for i, j in pairs if labels[i] != labels[j]]),
    }  # fmt: skip


def maps() -> dict:
    data, labels = clusters(13, 150, 10, 4, 1.5)
    pca = PCA(2, svd_solver="full").fit(data)
    cases = []
    for perplexity in (5.0, 20.0):
        model = TSNE(2, perplexity=perplexity, init="pca", method="exact", random_state=42)
        points = model.fit_transform(data)
        cases.append({
            "perplexity": perplexity, "kl_divergence": model.kl_divergence_,
            "trustworthiness": trustworthiness(data, points, n_neighbors=10),
        })  # fmt: skip
    return {
        "rows": data, "labels": labels, "components": pca.components_, "variances": pca.explained_variance_,
        "shares": pca.explained_variance_ratio_, "projected": pca.transform(data), "tsne": cases,
    }  # fmt: skip


SUBJECTS = [rank_correlation, quantiles, bootstrap, neighbours, logistic, scores, folds, paired, corrections, profiles, maps]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    versions = {name: version(name) for name in LIBRARIES}
    for subject in SUBJECTS:
        content = {"made_by": "tools/make_statistics_vectors.py", "versions": versions, **plain(subject())}
        file = out / f"{subject.__name__}.json"
        file.write_text(json.dumps(content, separators=(",", ":")) + "\n")
        print(file, file.stat().st_size)


if __name__ == "__main__":
    main()
