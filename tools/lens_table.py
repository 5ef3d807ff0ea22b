"""A report of `study --lens` as tables for docs/claims.md: a row for each model, a column for each lens.

    python tools/lens_table.py RUN/report.json [--digits 2] [--lens NAME ...]
"""

import argparse
import json
from pathlib import Path


def cell(verdict: dict, digits: int) -> str:
    words = verdict["outcome_words"].replace(" at this sample size", "").replace(" worth the name", "")
    if verdict["value"] is None:
        return words
    value, low, high = (f"{verdict[key]:.{digits}f}" for key in ("value", "low", "high"))
    return f"{words}: {value} ({low} to {high})"


def tables(report: dict, digits: int, wanted: list[str]) -> list[str]:
    seen: dict[tuple[str, str], dict[str, dict[str, dict]]] = {}
    lenses = []
    for lens in [{"lens": "logit", "verdicts": report["verdicts"]}, *report.get("lenses", [])]:
        if wanted and lens["lens"] not in wanted:
            continue
        if lens["lens"] not in lenses:
            lenses.append(lens["lens"])
        for verdict in lens["verdicts"]:
            models = seen.setdefault((verdict["study"], verdict["claim"]), {})
            models.setdefault(verdict["model"], {})[lens["lens"]] = verdict
    lines = []
    for (study, claim), models in seen.items():
        present = [lens for lens in lenses if any(lens in by_lens for by_lens in models.values())]
        lines += ["", f"{study}: {claim}", "", "| model | " + " | ".join(present) + " |"]
        lines.append("|---" * (len(present) + 1) + "|")
        for model, by_lens in models.items():
            cells = [cell(by_lens[lens], digits) if lens in by_lens else "" for lens in present]
            lines.append(f"| {model} | " + " | ".join(cells) + " |")
    return lines[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--digits", type=int, default=2)
    parser.add_argument("--lens", action="append", default=[], help="only these columns")
    arguments = parser.parse_args()
    report = json.loads(arguments.report.read_text(encoding="utf-8"))
    print("\n".join(tables(report, arguments.digits, arguments.lens)))


if __name__ == "__main__":
    main()
