"""Makes a small byte-level vocabulary as GPT-2 and OPT publish theirs, and transformers' ids for odd texts.

    python tools/make_bpe_files.py --out core/src/test/resources/bpe

`vocab.json` and `merges.txt` are shared by all variants; `variants.json` holds, for each, the other files of its
directory and what `AutoTokenizer` makes of every text in it. The same versions give the same bytes.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import transformers
from tokenizers import ByteLevelBPETokenizer

CORPUS = """The quick brown fox jumps over the lazy dog. She said: "I don't know, they'll see; we're here."
Entropy of the next token, layer by layer: what a block adds, what a block takes away. 1, 2, 3, 10, 100, 1000.
Die Häuser stehen am Fluß. Il était une fois. 日本語の文。 Привет, мир! naïve café. 😀 😀 😀
    def f(x):\n        return x + 1\n\n\nhttp://example.org/a?b=c&d=e
"""
TEXTS = [
    "", " ", "  two spaces  before and   after ", "\n\n\tdef f(x):\r\n    return x\n", "don't THEY'LL we're 'tis I'M",
    "Häuser naïve café e\u0301 \ufb01 İ", "日本語 Привет مرحبا", "😀👩\u200d👩\u200d👧 \U000e0041", "\u00a0nbsp\u3000wide\u2009thin",
    "zero\u0000one\u200btwo\ufeff", "</s>the</s> </s><pad><s> <unk> <mask>", "<|endoftext|>the <|endoftext|> the<|end", "1234567 3.14e-7 ½ ٣",
    "<x>the <x> the<y> the <y> <z>the <z>", "the" * 20, "\r\r\n \r", "< /s>", "The the",
]  # fmt: skip


def added(content: str, **flags: bool) -> dict:
    return {"content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False} | flags


def typed(content: str) -> dict:
    return {"__type": "AddedToken"} | added(content)


def opt_names(value) -> dict:
    return {"bos_token": value("</s>"), "eos_token": value("</s>"), "pad_token": value("<pad>"), "unk_token": value("</s>")}


VARIANTS = {
    "opt": {  # facebook/opt-125m
        "config.json": {"model_type": "opt"},
        "tokenizer_config.json": {"errors": "replace", **opt_names(typed), "add_prefix_space": False, "add_bos_token": True,
                                  "tokenizer_class": "GPT2Tokenizer"},
        "special_tokens_map.json": opt_names(added),
    },
    "gpt-neo": {  # EleutherAI/gpt-neo-125m
        "config.json": {"model_type": "gpt_neo"},
        "tokenizer_config.json": {"unk_token": "<|endoftext|>", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>",
                                  "add_prefix_space": False, "model_max_length": 2048, "tokenizer_class": "GPT2Tokenizer"},
        "special_tokens_map.json": {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"},
    },
    "bare": {"config.json": {"model_type": "gptj"}},
    "prefix-space": {
        "tokenizer_config.json": {"add_prefix_space": True, "add_bos_token": True, "add_eos_token": True, "bos_token": "<s>",
                                  "tokenizer_class": "GPT2TokenizerFast"},
    },
    "no-bos": {
        "tokenizer_config.json": {"add_bos_token": True, "bos_token": None, "tokenizer_class": "GPT2Tokenizer"},
    },
    "added-tokens": {
        "tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer", "image_token": "<z>"},
        "special_tokens_map.json": {"pad_token": "<pad>", "mask_token": added("<mask>", lstrip=True, normalized=False),
                                    "additional_special_tokens": ["<x>"]},
        "added_tokens.json": {"<y>": "NEXT + 1", "<mask>": "NEXT"},
    },
    "added-decoder": {
        "tokenizer_config.json": {
            "tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "bos_token": "<x>", "eos_token": "</s>", "pad_token": "<q>",
            "added_tokens_decoder": {"NEXT": added("<x>", rstrip=True), "NEXT + 1": added("<y>", lstrip=True, normalized=False),
                                     "2": added("</s>", special=True, normalized=False)},
            "additional_special_tokens": ["<z>", "<y>"],
        },
        "special_tokens_map.json": {"bos_token": "ignored"},
    },
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    transformers.logging.set_verbosity_error()
    size = train(out)
    variants = {name: variant(out, resolved(files, size)) for name, files in VARIANTS.items()}
    golden = {"transformers": transformers.__version__, "texts": TEXTS, "variants": variants}
    (out / "variants.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


def train(out: Path) -> int:
    """OPT's special tokens come first, GPT-2's comes last."""
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator([CORPUS], vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    tokenizer.save_model(str(out))
    vocab = json.loads((out / "vocab.json").read_text())
    vocab["<|endoftext|>"] = len(vocab)
    (out / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    return len(vocab)


def resolved(value, size: int):
    """NEXT is the first id after the vocabulary."""
    if isinstance(value, dict):
        return {resolved(key, size): resolved(item, size) for key, item in value.items()}
    if isinstance(value, str) and value.startswith("NEXT"):
        return size + int(value.removeprefix("NEXT + ") if "+" in value else 0)
    return value


def variant(out: Path, files: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("vocab.json", "merges.txt"):
            shutil.copy(out / name, folder)
        for name, content in files.items():
            (Path(folder) / name).write_text(json.dumps(content))
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    backend = json.loads(tokenizer.backend_tokenizer.to_str())
    ids = [tokenizer.encode(text) for text in TEXTS]
    return {
        "files": files,
        "added_tokens": backend["added_tokens"],
        "ids": ids,
        "ids_alone": [tokenizer.encode(text, add_special_tokens=False) for text in TEXTS],
        "decoded": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
    }


if __name__ == "__main__":
    main()
