"""Makes small tokenizer.json files of several kinds, with other files beside them, and what transformers makes of them.

    python tools/make_tokenizer_files.py --out core/src/test/resources/tokenizers

`variants.json` holds, for each variant, its files and what `AutoTokenizer` makes of every text: ids with and without
special tokens, and the text that the ids are decoded to. The same versions give the same bytes.
"""

import argparse
import json
import re
import tempfile
from pathlib import Path

import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CORPUS = ["the dog and the cat, the lazy dog; they'll see the house and don't know it. 1 2 10 Häuser naïve 日本語 😀"] * 4
TEXTS = [
    "", " ", "the dog", "<|im_start|>the dog<|eot|>", "the <nw> the<nw>the <x>dog DOG dog", "Häuser  naïve 日本語 😀\n the",
    "<pad><s>the</s> <|im_end|> <y><z>", "don't know it.", "<img>the<img>",
]  # fmt: skip


WORDS = sorted(set(re.findall(r"\w+|[^\w\s]+", CORPUS[0])))


def ids(entries: list[str]) -> dict[str, int]:
    return {entry: place for place, entry in enumerate(entries)}


def added(content: str, **flags: bool) -> dict:
    return {"content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False} | flags


def byte_level() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["</s>"], show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([transformers.AddedToken("<nw>", single_word=True, normalized=True), transformers.AddedToken("DOG", normalized=True)])
    tokenizer.add_special_tokens([transformers.AddedToken("<|im_end|>", lstrip=True), "<s>"])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    return tokenizer


def word_level(decoder=None, normalizer=None) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(ids(["<unk>", "<pad>", *WORDS]), unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if decoder is not None:
        tokenizer.decoder = decoder
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    return tokenizer


def word_piece() -> Tokenizer:
    letters = sorted(set("".join(WORDS).lower()))
    vocabulary = ids(["[UNK]", *letters, *("##" + letter for letter in letters), "the", "dog", "##now", "ho", "##use"])
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return tokenizer


def end_of_word() -> Tokenizer:
    letters = sorted(set("".join(WORDS)))
    merges = [("t", "h"), ("th", "e</w>"), ("d", "o"), ("do", "g</w>")]
    vocabulary = ids(["<unk>", *letters, *(letter + "</w>" for letter in letters), *("".join(merge) for merge in merges)])
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    return tokenizer


def unigram() -> Tokenizer:
    pieces = ["▁", *sorted(set("".join(WORDS))), "▁the", "▁d", "og", "▁do", "n't"]
    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0), ("<s>", 0.0), *((piece, -3.0 - len(piece) / 4) for piece in pieces)], 0, False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
VARIANTS = {
    "nothing-beside": (byte_level, {}),
    "decoder": (byte_level, {"tokenizer_config.json": FAST | {
        "eos_token": "<|eot|>", "additional_special_tokens": ["<|im_start|>"],
        "added_tokens_decoder": {"500": added("<|im_start|>", special=True, normalized=False), "400": added("<x>", rstrip=True)}}}),
    "flags": (byte_level, {"tokenizer_config.json": FAST | {
        "bos_token": "<nw>", "unk_token": None,
        "added_tokens_decoder": {"1": added("<nw>", lstrip=True), "2": added("<|im_end|>", special=False), "3": added("DOG", special=True)}}}),
    "named": (byte_level, {"tokenizer_config.json": FAST | {
        "eos_token": "DOG", "bos_token": "the", "pad_token": {"__type": "AddedToken"} | added("<pad>", lstrip=True), "image_token": "<img>"}}),
    "legacy": (byte_level, {
        "tokenizer_config.json": FAST | {"extra_special_tokens": ["<nw>", "<y>"]},
        "special_tokens_map.json": {"bos_token": added("<x>", rstrip=True), "pad_token": "<pad>", "additional_special_tokens": ["<z>"]},
        "added_tokens.json": {"<img>": 900, "<pad>": 901}}),
    "map-alone": (byte_level, {"special_tokens_map.json": {"eos_token": added("<|eot|>", lstrip=True), "additional_special_tokens": ["<z>"]}}),
    "extra-by-name": (byte_level, {"tokenizer_config.json": FAST | {"extra_special_tokens": {"image_token": "<img>", "boi": "<x>"}}}),
    "split": (byte_level, {"tokenizer_config.json": FAST | {"split_special_tokens": True, "pad_token": "<pad>"}}),
    "add-bos-is-not-looked-at": (byte_level, {"tokenizer_config.json": FAST | {
        "add_bos_token": False, "add_eos_token": True, "bos_token": "<s>", "eos_token": "</s>"}}),
    "word-level": (word_level, {"tokenizer_config.json": FAST | {"pad_token": "<pad>", "eos_token": "dog"}}),
    "word-level-empty-sequences": (lambda: word_level(decoders.Sequence([]), normalizers.Sequence([])), {}),
    "word-piece": (word_piece, {"tokenizer_config.json": FAST | {"eos_token": "<|eot|>"}}),
    "end-of-word": (end_of_word, {}),
    "unigram": (unigram, {"tokenizer_config.json": FAST | {"additional_special_tokens": ["<x>"]}}),
    "replace-by-regex": (lambda: word_level(decoders.Sequence([decoders.Replace(Regex("o+"), "0"), decoders.Fuse()])), {}),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    transformers.logging.set_verbosity_error()
    variants = {name: variant(make(), files) for name, (make, files) in VARIANTS.items()}
    golden = {"transformers": transformers.__version__, "texts": TEXTS, "variants": variants}
    (out / "variants.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")


def variant(tokenizer: Tokenizer, files: dict) -> dict:
    files = {"tokenizer.json": json.loads(tokenizer.to_str())} | files
    with tempfile.TemporaryDirectory() as folder:
        for name, content in ({"config.json": {"model_type": "llama"}} | files).items():
            (Path(folder) / name).write_text(json.dumps(content))
        loaded = transformers.AutoTokenizer.from_pretrained(folder)
    ids = [loaded.encode(text) for text in TEXTS]
    return {
        "files": files,
        "ids": ids,
        "ids_alone": [loaded.encode(text, add_special_tokens=False) for text in TEXTS],
        "decoded": [loaded.decode(row, skip_special_tokens=True) for row in ids],
    }


if __name__ == "__main__":
    main()
