"""Trains one model of the zoo on packed rows, on one CPU core.

    python tools/zoo/train_model.py --family llama --blocks 4 --width 96 --tokens 20000000 --corpus DIR --out DIR

The corpus directory must have been through make_tokenizer.py and pack_rows.py. Started again with the same arguments,
it goes on from the last checkpoint (state.pt in --out, every two minutes). In the end --out is a directory that
AutoModelForCausalLM and AutoTokenizer load, with training.json beside: the arguments, the loss curve, the time it took.
"""

import fast_process

if __name__ == "__main__":
    fast_process.ensure()

import argparse
import json
import math
import shutil
import time
from pathlib import Path

import numpy as np
import torch
import transformers
import training_state
from corpus import BOS, encoded_documents, letter_ids, questions
from measures import heldout_loss, next_token_loss, right_answers
from zoo_models import FAMILIES, blocks_of, new_model, parameters_of

DTYPES = {"f16": torch.float16, "f32": torch.float32}
CHECKPOINT_SECONDS = 120
POINTS = 16  # of the loss curve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=FAMILIES, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--batch", type=int, default=10, help="rows a step")
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--warmup", type=float, default=0.02, help="part of the steps in which the lr rises")
    parser.add_argument("--decay", type=float, default=0.4, help="part of the steps in which it falls to zero")
    parser.add_argument("--letter-weight", type=float, default=10.0, help="in the loss, of the letters that answer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dtype", choices=DTYPES, default="f16", help="of the weights on disk")
    parser.add_argument("--products", choices=("bf16", "f32"), default=fast_products(),
                        help="numbers that matrix products are computed in")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def fast_products() -> str:
    """bf16 where the processor multiplies it; elsewhere that is several times slower than f32."""
    flags = Path("/proc/cpuinfo")
    return "bf16" if flags.exists() and "avx512_bf16" in flags.read_text() else "f32"


def main() -> None:
    args = arguments()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    rows = np.load(args.corpus / "rows.npy", mmap_mode="r")
    steps = args.tokens // (args.batch * rows.shape[1])
    if steps * args.batch > len(rows):
        raise SystemExit(f"{args.corpus}/rows.npy has {rows.size} tokens: pack more rows")
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.corpus / "tokenizer")
    model = new_model(args.family, args.blocks, args.width, rows.shape[1], len(tokenizer), args.seed)
    run = Run(args, model, rows, steps)
    if run.step < steps:
        run.train()
    save(run, args, steps)


class Run:
    """One training run, from its last checkpoint on."""

    def __init__(self, args, model, rows, steps):
        self.args, self.model, self.rows, self.steps = args, model, rows, steps
        self.primer = json.loads((args.corpus / "rows.json").read_text())
        self.optimizer = optimizer_of(model, args.lr)
        self.step, self.seconds, self.curve = 0, 0.0, []
        self.settings = {key: str(value) for key, value in vars(args).items() if key not in ("corpus", "out", "dtype")}
        self.path = args.out / "state.pt"
        args.out.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            training_state.read(self)
            self.say(f"goes on from step {self.step}")
        self.documents = encoded_documents(args.corpus, "heldout.jsonl", 150)
        self.questions = {about: questions(args.corpus, about, 100) for about in ("knowledge", "context")}
        self.letters = letter_ids(args.corpus)
        self.weights = torch.ones(model.config.vocab_size)
        self.weights[BOS] = 0
        self.weights[self.letters] = args.letter_weight
        self.bf16 = args.products == "bf16"

    def train(self) -> None:
        self.say(f"{parameters_of(self.model):,} parameters, {self.steps} steps of {self.args.batch} rows")
        for block in blocks_of(self.model):
            block.compile(dynamic=False)
        started, saved, said = time.time() - self.seconds, time.time(), (self.step, time.time())
        losses, every = [], max(1, self.steps // POINTS)
        while self.step < self.steps:
            losses.append(self.one_step())
            self.step += 1
            self.seconds = time.time() - started
            if self.step % 50 == 0:
                speed = (self.step - said[0]) / (time.time() - said[1])
                said = (self.step, time.time())
                self.report(losses[-50:], speed)
            if self.step % every == 0 or self.step == self.steps:
                self.measure(sum(losses) / len(losses))
                losses.clear()
            if time.time() - saved > CHECKPOINT_SECONDS or self.step == self.steps:
                self.seconds = time.time() - started
                training_state.write(self)
                saved = time.time()

    def one_step(self) -> float:
        batch = self.args.batch
        ids = torch.from_numpy(self.rows[self.step * batch : (self.step + 1) * batch].astype(np.int64))
        places = torch.arange(ids.shape[1]).expand_as(ids)
        if (self.step + 1) * batch <= self.primer["primer_rows"]:  # short rows, at places all over the context
            ids, places = (each.reshape(-1, self.primer["primer_row"]) for each in (ids, places))
        for group in self.optimizer.param_groups:
            group["lr"] = self.lr()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            loss = next_token_loss(self.model(input_ids=ids, position_ids=places, use_cache=False).logits, ids, self.weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if not math.isfinite(loss.item()):
            raise SystemExit(f"loss {loss.item()} at step {self.step}")
        return loss.item()

    def lr(self) -> float:
        """Rises, stays, falls."""
        done = (self.step + 1) / self.steps
        return self.args.lr * min(1.0, done / self.args.warmup, max(0.01, (1 - done) / self.args.decay))

    def measure(self, train_loss: float) -> None:
        self.model.eval()
        with torch.compiler.set_stance("force_eager"):
            loss, _ = heldout_loss(self.model, self.documents)
            shares = {
                about: right_answers(self.model, asked, self.letters) / len(asked)
                for about, asked in self.questions.items()
            }
        self.model.train()
        self.curve.append([self.tokens(), round(train_loss, 4), round(loss, 4)])
        self.say(f"held-out {loss:.4f} " + " ".join(f"{about} {share:.2f}" for about, share in shares.items()))

    def report(self, losses: list[float], speed: float) -> None:
        mean = sum(losses) / max(1, len(losses))
        rate, left = speed * self.args.batch * self.rows.shape[1], (self.steps - self.step) / speed / 60
        self.say(f"loss {mean:.4f} lr {self.lr():.2e} {rate:,.0f} tok/s, {left:.1f} min left")

    def tokens(self) -> int:
        return self.step * self.args.batch * self.rows.shape[1]

    def say(self, text: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} step {self.step}/{self.steps} tokens {self.tokens():,}: {text}"
        print(line, flush=True)
        with (self.args.out / "train.log").open("a") as log:
            log.write(line + "\n")


def optimizer_of(model, lr: float):
    """Weight decay on the blocks' matrices only: tokens that occur alike must stay apart, to be told from each other."""
    decayed = {id(p) for block in blocks_of(model) for p in block.parameters() if p.dim() >= 2}
    matrices = [p for p in model.parameters() if id(p) in decayed]
    others = [p for p in model.parameters() if id(p) not in decayed]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95), fused=True)


def save(run: Run, args: argparse.Namespace, steps: int) -> None:
    run.model.to(DTYPES[args.dtype]).save_pretrained(args.out)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(args.corpus / "tokenizer" / name, args.out)
    rows, batch = json.loads((args.corpus / "rows.json").read_text()), args.batch * run.rows.shape[1]
    facts = {
        "settings": run.settings, "dtype": args.dtype, "steps": steps, "batch_tokens": batch, "tokens": run.tokens(),
        "epochs": round(rows["epochs"] * run.tokens() / rows["tokens"], 4),
        "minutes": round(run.seconds / 60, 1), "curve": run.curve,
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }  # fmt: skip
    (args.out / "training.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
