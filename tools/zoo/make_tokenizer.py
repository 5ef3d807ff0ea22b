"""Trains the zoo's tokenizer, a byte-level BPE of 1,024 tokens, on train.jsonl.

    python tools/zoo/make_tokenizer.py --corpus DIR [--out DIR/tokenizer]

Words are split as GPT-2 does, and every digit is a piece of its own, so that numbers are spelled with digits.
Encoding puts <|bos|> in front. The same corpus gives the same files.
"""

import argparse
import json
from pathlib import Path

import transformers
from corpus import texts
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

SIZE = 1024
BOS, EOS, PAD = "<|bos|>", "<|eos|>", "<|pad|>"  # ids 0, 1, 2
LETTERS = (" A", " B", " C", " D")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    out = args.out or args.corpus / "tokenizer"
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = train(texts(args.corpus / "train.jsonl"))
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": BOS, "eos_token": EOS, "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
    }, indent=2) + "\n")  # fmt: skip
    check(out, args.corpus / "heldout.jsonl")


def train(documents) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=[BOS, EOS, PAD], show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))  # fmt: skip
    tokenizer.train_from_iterator(documents, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B", special_tokens=[(BOS, 0)]
    )
    return tokenizer


def check(folder: Path, heldout: Path) -> None:
    """As AutoTokenizer reads it: texts survive, and the letters of the answers are single tokens."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    wrong = [letter for letter in LETTERS if len(tokenizer.encode(letter, add_special_tokens=False)) != 1]
    if wrong or len(tokenizer) != SIZE or tokenizer.convert_tokens_to_ids([BOS, EOS, PAD]) != [0, 1, 2]:
        raise SystemExit(f"{folder}: {len(tokenizer)} tokens; not a single token: {wrong}")
    documents = list(texts(heldout))
    encoded = tokenizer(documents)["input_ids"]
    for document, ids in zip(documents, encoded, strict=True):
        if ids[0] != 0 or tokenizer.decode(ids[1:]) != document:
            raise SystemExit(f"{folder}: not restored: {document!r}")
    tokens, words = sum(map(len, encoded)) - len(encoded), sum(len(d.split()) for d in documents)
    density = f"{tokens / words:.2f} tokens a word, {tokens / len(documents):.0f} a document"
    print(f"{folder}: {len(tokenizer)} tokens; {density}")


if __name__ == "__main__":
    main()
