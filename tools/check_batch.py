"""What a batch of thousands of prompts takes, and whether it survives being killed.

    python tools/check_batch.py PROMPTS.jsonl MODEL [MODEL ...] [--tokens 32] [--rows 3000] [--kills 20] [--seed 1]

PROMPTS is JSON Lines with a column `prompt`; its rows are repeated, each time with a number before them,
until there are --rows of them. For each model:
- texts a minute of the whole command, and its peak memory with a tenth of the rows and with all of them,
- the run killed with SIGKILL at --kills moments that lie all over it, gone on with each time by --resume:
  its Parquet files must be those of the undisturbed run, byte for byte.
Needs nothing but Python.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LENS = Path(__file__).resolve().parent.parent / "entropy-lens"


def main() -> None:
    args = parse_args()
    with tempfile.TemporaryDirectory() as work:
        wrong = sum(check(args, model, Path(work) / str(i)) for i, model in enumerate(args.models))
    sys.exit(1 if wrong else 0)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def check(args: argparse.Namespace, model: str, work: Path) -> int:
    work.mkdir()
    few, all_ = work / "few.jsonl", work / "all.jsonl"
    write_rows(args.prompts, few, args.rows // 10)
    write_rows(args.prompts, all_, args.rows)
    for prompts, rows in ((few, args.rows // 10), (all_, args.rows)):
        seconds, processor, peak = timed(command(args, model, prompts, work / prompts.stem))
        print(f"{model}: {rows} prompts in {seconds:.1f} s ({processor:.1f} s of the processor), {60 * rows / seconds:.0f} a minute, peak {peak} MiB", flush=True)
    disturb(args, command(args, model, all_, work / "killed"), work / "killed", seconds)
    return compare(work / "all", work / "killed")


def write_rows(given: Path, to: Path, count: int) -> None:
    rows = [json.loads(line)["prompt"] for line in given.read_text(encoding="utf-8").splitlines() if line.strip()]
    with to.open("w", encoding="utf-8") as out:
        for i in range(count):
            prompt = rows[i % len(rows)]
            out.write(json.dumps({"prompt": prompt if i < len(rows) else f"{i // len(rows)}. {prompt}", "row": i}) + "\n")


def command(args: argparse.Namespace, model: str, prompts: Path, run: Path) -> list[str]:
    return [str(LENS), "batch", "--model", model, "--prompts", str(prompts), "--tokens", str(args.tokens), "-o", str(run)]


def timed(given: list[str]) -> tuple[float, float, int]:
    """Seconds, those of the processor, and MiB of the whole command, which the launcher becomes (exec)."""
    began = time.perf_counter()
    process = subprocess.Popen(given, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit {process.returncode}: {' '.join(given)}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def disturb(args: argparse.Namespace, given: list[str], run: Path, seconds: float) -> None:
    """Kills so that a slice of the run, of random length, is done between two kills."""
    draw = random.Random(args.seed)
    resume: list[str] = []
    kills = 0
    while True:
        process = subprocess.Popen(given + resume, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            slice_ = seconds / (args.kills + 1) * draw.uniform(0, 1.5)
            if kills < args.kills:
                wait_for_rows(process, run)
            process.wait(slice_ if kills < args.kills else None)
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            resume = ["--resume"] if (run / "manifest.json").exists() else []
            print(f"kill {kills}: {done(run)} texts were done", flush=True)
    if process.returncode != 0:
        raise SystemExit(f"exit {process.returncode} after {kills} kills")


def wait_for_rows(process: subprocess.Popen, run: Path) -> None:
    """Until something is kept that was not there when the program started, or it ends."""
    before = kept(run)
    while process.poll() is None and kept(run) <= before:
        time.sleep(0.02)


def kept(run: Path) -> int:
    return sum(file.stat().st_size for file in run.glob("run.duckdb*") if file.exists())


def done(run: Path) -> str:
    asked = [str(LENS), "query", "--run", str(run), "--format", "csv", "SELECT count(*) FROM texts"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.split()[-1] if answer.returncode == 0 else "no"


def compare(whole: Path, killed: Path) -> int:
    names = sorted(file.name for file in whole.glob("*.parquet"))
    wrong = [name for name in names if (killed / name).read_bytes() != (whole / name).read_bytes()]
    print(f"{', '.join(names)}: " + (f"DIFFERENT: {', '.join(wrong)}" if wrong else "the same bytes as undisturbed"), flush=True)
    return len(wrong)


if __name__ == "__main__":
    main()
