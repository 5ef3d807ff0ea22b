"""Runs entropy-lens and the peers that are installed on one checkpoint, job by job in turn, and prints ratios.

    bench/peers [CHECKPOINT] [--only NAME,…] [--rounds 3] [--node-modules DIR] [--jvm=-XX:UseAVX=2]

CHECKPOINT is a GPT-2 or a Llama in float32; without one, a random one in the shape of GPT-2 small is written. Every program is
started once, with its weights loaded, and warmed up by the job itself, which is also when its numbers are held against ours:
ids must be equal, and no entropy may differ by more than 1e-3 nats; a program that disagrees is not timed. Then each round
gives each job to ours and to the peer, one right after the other. A ratio is the peer's seconds divided by ours in the same round.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy

HERE = Path(__file__).resolve().parent
PROMPT = [464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13]
AGREE = 1e-3  # nats, as compare_profile.py has it
N_ROWS, D_OF_ROWS = 240, "n_embd hidden_size".split()


@dataclass(frozen=True)
class Job:
    what: str
    line: str
    tokens: int  # that one run of it gives, or rows
    unit: str


class Program:
    """A process that answers jobs."""

    def __init__(self, command: list[str], threads: int, environment: dict[str, str] | None = None):
        limits = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | limits | (environment or {}))
        answer = json.loads(self.process.stdout.readline() or '{"missing": "it did not start, see above"}')
        self.missing = answer.get("missing")
        self.name = answer.get("ready", "")

    def do(self, job: Job) -> dict:
        self.process.stdin.write(job.line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name or self.process.args[0]} ended while it did '{job.line}', see above")
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


def main() -> int:
    args = parse_args()
    with tempfile.TemporaryDirectory() as work:
        checkpoint = args.checkpoint or random_checkpoint(Path(work))
        jobs = jobs_of(args, write_rows(checkpoint, Path(work)))
        ours = Program([args.java, "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:disable", "-Xlog:all=error:stderr", *args.jvm,
                        "-cp", args.class_path, "entropylens.bench.Peer", str(checkpoint), str(args.threads)], args.threads)
        print(f"{checkpoint.name}, float32, {args.threads} threads; {ours.name} {' '.join(args.jvm)}")
        print("\n| peer | job | ours: a second | peer: a second | ratio | least and most | entropies differ by at most |\n|---|---|---|---|---|---|---|", flush=True)
        left_out = []
        for name in args.only:
            peer, why = start(name, checkpoint, Path(work), args)
            if peer is None:
                left_out.append(f"{name} ({why})")
                continue
            for job in jobs[name]:
                compare(ours, peer, job, args.rounds)
            peer.close()
        ours.close()
    print(f"\nLeft out: {'; '.join(left_out) or 'nobody'}")
    return 0


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--only", type=lambda names: names.split(","), default=["transformers", "paper", "transformer-lens", "tuned-lens", "llama.cpp"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--slow-tokens", type=int, default=16, help="for programs that keep no keys and values")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--node-modules", type=Path, help="with node-llama-cpp in it")
    parser.add_argument("--java", default="java")
    parser.add_argument("--class-path", required=True)
    parser.add_argument("--jvm", action="append", default=[], help="an option of the JVM")
    args = parser.parse_args()
    unknown = set(args.only) - {"transformers", "paper", "transformer-lens", "tuned-lens", "llama.cpp"}
    if unknown:
        parser.error(f"no peer is called {', '.join(sorted(unknown))}")
    return args


def jobs_of(args: argparse.Namespace, rows: Path) -> dict[str, list[Job]]:
    alone = Job(f"{args.tokens} tokens of one text, all layers", f"alone {args.tokens}", args.tokens, "tokens")
    slow = Job(f"{args.slow_tokens} tokens of one text, all layers", f"alone {args.slow_tokens}", args.slow_tokens, "tokens")
    together = Job(f"16 texts together, {args.slow_tokens} tokens each, all layers", f"together 16 {args.slow_tokens}",
                   16 * args.slow_tokens, "tokens")
    readout = Job(f"entropies of {N_ROWS} rows", f"readout {rows}", N_ROWS, "rows")
    forward = Job(f"{args.tokens} tokens of one text, no read-outs", f"forward {args.tokens}", args.tokens, "tokens")
    return {"transformers": [alone, together, readout], "paper": [slow], "transformer-lens": [slow], "tuned-lens": [readout],
            "llama.cpp": [forward]}


def random_checkpoint(work: Path) -> Path:
    to = work / "gpt2-small-random"
    subprocess.run([sys.executable, HERE / "random_checkpoint.py", "--shape", "gpt2", "--out", to], check=True, stdout=sys.stderr)
    return to


def write_rows(checkpoint: Path, work: Path) -> Path:
    """Rows as wide as the stream; the final norm makes of them what a model's rows are."""
    config = json.loads((checkpoint / "config.json").read_text())
    width = next(config[key] for key in D_OF_ROWS if key in config)
    rows = numpy.random.default_rng(1).normal(size=(N_ROWS, width)).astype("<f4")
    file = work / "rows.f32"
    rows.tofile(file)
    return file


def start(name: str, checkpoint: Path, work: Path, args: argparse.Namespace) -> tuple[Program | None, str]:
    if name == "llama.cpp":
        if not args.node_modules or not (args.node_modules / "node-llama-cpp").is_dir():
            return None, "--node-modules names no folder with node-llama-cpp in it"
        file = work / "model.gguf"
        subprocess.run([sys.executable, HERE / "gpt2_gguf.py", checkpoint, file], check=True)
        ids = ",".join(map(str, PROMPT))
        command = ["node", HERE / "llama_peer.mjs", args.node_modules, file, args.threads, ids]
    else:
        command = [sys.executable, HERE / "peer_process.py", name, checkpoint, args.threads]
    program = Program([str(word) for word in command], args.threads)
    return (None, program.missing) if program.missing else (program, "")


def compare(ours: Program, peer: Program, job: Job, rounds: int) -> None:
    largest = disagreement(ours.do(job), peer.do(job))
    if isinstance(largest, str):
        print(f"| {peer.name} | {job.what} | not timed: {largest} | | | | |", flush=True)
        return
    ours.do(job)  # the compiler is not done after one
    seconds = [(ours.do(job)["seconds"], peer.do(job)["seconds"]) for _ in range(rounds)]
    ratios = [theirs / own for own, theirs in seconds]
    own, theirs = (statistics.median(of) for of in zip(*seconds, strict=True))
    print(
        f"| {peer.name} | {job.what} | {job.tokens / own:.3g} {job.unit} | {job.tokens / theirs:.3g} {job.unit} | "
        f"{statistics.median(ratios):.2f} | {min(ratios):.2f} to {max(ratios):.2f} | {largest or 'no read-outs; ids are equal'} |",
        flush=True,
    )


def disagreement(ours: dict, theirs: dict) -> str | float:
    """The largest difference of an entropy; in words where the two disagree."""
    if ours["ids"] != theirs["ids"]:
        at = next(k for k, (a, b) in enumerate(zip(ours["ids"], theirs["ids"], strict=True)) if a != b)
        return f"id {at} is {theirs['ids'][at]}, ours {ours['ids'][at]}"
    own, other = numpy.array(ours["entropy"]).ravel(), numpy.array(theirs["entropy"]).ravel()
    if own.shape != other.shape:
        return f"{other.size} entropies, ours {own.size}"
    largest = float(numpy.abs(own - other).max(initial=0))
    return float(f"{largest:.1e}") if largest <= AGREE else f"an entropy differs by {largest:.1e} nats"


if __name__ == "__main__":
    sys.exit(main())
