"""The same batch by entropy-lens and by transformers, in turn, and whether their numbers agree.

    OMP_NUM_THREADS=2 python tools/batch_peer.py PROMPTS.jsonl MODEL [--tokens 32] [--rows 3000] [--batch 16] [--rounds 2]

transformers: float32, texts of like length padded together on the left, KV cache, hooks that keep the last
position's resid_post of every block, read-outs of many rows at a time afterwards; greedy, until the text ends.
Both are timed as whole processes, from start to results on the disk. Prompts that do not fit the context are
left out before.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import torch
import transformers
from bench_peers import together
from check_batch import command, timed, write_rows


def main() -> None:
    args = parse_args()
    with tempfile.TemporaryDirectory() as work:
        prompts = fitting(args, Path(work))
        ratios = []
        for round_ in range(args.rounds):
            ours, our_processor, peak = timed(command(args, args.model, prompts, Path(work) / f"ours{round_}") + ["--batch", str(args.batch)])
            theirs, their_processor, their_peak = timed_peer(args, prompts, Path(work) / f"theirs{round_}.parquet")
            ratios.append(theirs / ours)
            print(
                f"entropy-lens {ours:.1f} s ({our_processor:.1f} s of the processor), {peak} MiB; "
                f"transformers {theirs:.1f} s ({their_processor:.1f} s), {their_peak} MiB; ratio {ratios[-1]:.2f} ({their_processor / our_processor:.2f})",
                flush=True,
            )
        agree(Path(work) / "ours0", Path(work) / "theirs0.parquet")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("model")
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args()


def fitting(args: argparse.Namespace, work: Path) -> Path:
    every, fit = work / "every.jsonl", work / "fit.jsonl"
    write_rows(args.prompts, every, args.rows)
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
    config = transformers.AutoConfig.from_pretrained(args.model)
    lines = every.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if len(tokenizer(json.loads(line)["prompt"])["input_ids"]) + args.tokens <= config.max_position_embeddings]
    fit.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} of {len(lines)} prompts fit", flush=True)
    return fit


def timed_peer(args: argparse.Namespace, prompts: Path, out: Path) -> tuple[float, float, int]:
    began = time.perf_counter()
    queue = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=peer, args=(args, prompts, out, queue))
    process.start()
    processor, peak = queue.get()
    process.join()
    return time.perf_counter() - began, processor, peak


def peer(args: argparse.Namespace, prompts: Path, out: Path, queue) -> None:
    import resource

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
    texts = [json.loads(line)["prompt"] for line in prompts.read_text(encoding="utf-8").splitlines()]
    ids = [tokenizer(text)["input_ids"] for text in texts]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    columns = {"text": [], "token": [], "layer": [], "entropy": [], "id": []}
    for at in range(0, len(order), args.batch):
        some = order[at : at + args.batch]
        generated, entropy = together(model, [ids[i] for i in some], args.tokens)
        for row, text in enumerate(some):
            for token, (id_, layers) in enumerate(zip(generated[row], entropy[row], strict=True)):
                for layer, value in enumerate(layers):
                    for name, one in zip(columns, (text + 1, token + 1, layer + 1, value, id_), strict=True):
                        columns[name].append(one)
    pyarrow.parquet.write_table(pyarrow.table(columns), out)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    queue.put((usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024))


def agree(run: Path, theirs: Path) -> None:
    ours = pyarrow.parquet.read_table(run / "profiles.parquet").to_pandas()
    texts = pyarrow.parquet.read_table(run / "texts.parquet").to_pandas()
    ours_ids = {int(row.text_id): list(row.generated_ids) for row in texts.itertuples()}
    peer_ = pyarrow.parquet.read_table(theirs).to_pandas()
    their_ids = {text: list(group.id) for text, group in peer_[peer_.layer == 1].groupby("text")}
    same = {text for text, ids in ours_ids.items() if ids == their_ids.get(text)}
    ours["text"] = ours.text_id.astype(int)
    both = ours[ours.text.isin(same)].merge(peer_, on=["text", "token", "layer"], suffixes=("_ours", "_theirs"))
    worst = numpy.abs(both.entropy_ours - both.entropy_theirs).max()
    print(f"{len(same)} of {len(ours_ids)} texts have the same tokens; of these, entropies differ by at most {worst:.1e} nats")


if __name__ == "__main__":
    main()
