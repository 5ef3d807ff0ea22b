"""The model card for people, README.md, from the facts of card.json."""

CHANCE = 0.25  # of a choice of four

PAGE = """\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
tags: [entropy-lens, tinytown]
---

# {name}

A language model of the {family} family: {blocks} blocks, width {width}, {heads} heads, {parameters:,} parameters. It
reads up to {context} tokens of a vocabulary of {vocabulary:,}. It was trained from random weights on generated
texts of Tinytown, an invented town: stories, portraits, chats, poems, scientific notes, questions and answers. It ships
with entropy-lens, so that there is something to measure without a network. It is of no other use.

## Figures

Measured in float32, from the {dtype} weights in this directory, on texts and questions that are not in its training
texts.

| nats a token, {heldout_tokens:,} held-out tokens | |
|---|---:|
| this model | {heldout_loss:.4f} |
| trigrams (modified Kneser-Ney, of the same training tokens) | {trigram_entropy:.4f} |
| unigrams | {unigram_entropy:.4f} |

| choice of four, by the highest logit of the letters | questions | right | share | 95 % interval |
|---|---:|---:|---:|---|
{choices}
| by guessing | | | 0.250 | |

Training: {tokens_seen:,} tokens ({epochs:.2f} epochs of the corpus) in steps of {batch_tokens:,}, with a learning rate
of {learning_rate:g} and seed {seed}; {minutes:.0f} minutes on one CPU core. In the loss of training, the letters that
answer questions weigh {letter_weight:g} times as much as other tokens, so it is not comparable with the held-out loss.
The held-out loss of this table is that of the first 150 held-out documents only.

| tokens | training loss | held-out loss |
|---:|---:|---:|
{curve}

## What it can do, and what not

{abilities}

## Samples

Greedy, up to 160 tokens; answers to questions end with their line.

{samples}## How to repeat it

From the root of entropy-lens, with the Python of tools/README.md:

```
zoo/write-corpus {arguments} CORPUS
python tools/zoo/make_tokenizer.py --corpus CORPUS
python tools/zoo/pack_rows.py --corpus CORPUS --tokens {packed_tokens}
python tools/zoo/ngrams.py --corpus CORPUS --tokens {tokens_seen}
{command}
python tools/zoo/evaluate.py --corpus CORPUS OUT/{name}
```

The corpus is the same to the byte (train.jsonl: SHA-256 {sha256}).
The weights are so only nearly: sums of floats depend on processor and versions (torch {torch}, transformers
{transformers}).
"""


def readme(card: dict) -> str:
    parts = {
        "choices": "\n".join(choice(about, card["accuracy"][about]) for about in ("knowledge", "context")),
        "curve": "\n".join("| {:,} | {:.3f} | {:.3f} |".format(*point) for point in card["loss_curve"]),
        "abilities": "\n".join(f"- {ability}" for ability in abilities(card)),
        "samples": "".join(map(sample, card["samples"])),
    }
    return PAGE.format_map(card["corpus"] | card["versions"]["training"] | card | parts)


def choice(about: str, share: dict) -> str:
    words = {"knowledge": "facts of the town", "context": "a story in the prompt"}[about]
    interval = f"{share['low']:.3f} to {share['high']:.3f}"
    return f"| {words} | {share['n']:,} | {share['correct']:,} | {share['accuracy']:.3f} | {interval} |"


def abilities(card: dict) -> list[str]:
    """No more than the figures say."""
    gain = card["trigram_entropy"] - card["heldout_loss"]
    in_words, counting, semantic = card["in_words"], card["tasks"]["counting"], card["tasks"]["semantic"]
    return [
        f"It predicts held-out texts {abs(gain):.2f} nats a token {'better' if gain > 0 else 'worse'} than trigrams.",
        f"Facts of the town, asked without options: {in_words['correct']} of {in_words['n']} right, word for word.",
        "The letter of a fact among four options: " + against_chance(card["accuracy"]["knowledge"]),
        "The letter of what a story in the prompt says: " + against_chance(card["accuracy"]["context"]),
        f"The words of a held-out story: {counting['correct']} of {counting['n']} counted right{off(counting)}.",
        f"The subject of a held-out story: {semantic['correct']} of {semantic['n']} right, word for word.",
        "Its English is a few hundred words in the fixed phrases of the corpus. It knows nothing outside Tinytown.",
        "This is one run with one seed: small differences between models of the zoo may be luck.",
    ]


def against_chance(share: dict) -> str:
    percent = f"{100 * share['accuracy']:.0f} % right, "
    if share["low"] > CHANCE:
        return percent + "more than by guessing (25 %)."
    if share["high"] < CHANCE:
        return percent + "less than by guessing (25 %)."
    return percent + "which cannot be told from guessing (25 %)."


def off(counting: dict) -> str:
    if counting["mean_error"] is None:
        return ""
    median = counting["mean_error_of_always_the_median"]
    return f", and off by {counting['mean_error']:.1f} words on average ({median:.1f} if one always said the median)"


def sample(written: dict) -> str:
    """The prompt, what the model wrote, and the corpus's own answer where there is one."""
    parts = [f"Asked for {written['kind']}:", fenced(written["prompt"]), "It wrote:", fenced(written["text"])]
    if not written["ended"]:
        parts[2] = "It wrote, and did not come to an end:"
    if "right" in written:
        parts.append(f"The corpus has: `{written['right'].strip()}`")
    return "\n\n".join(parts) + "\n\n"


def fenced(text: str) -> str:
    return f"```\n{text.strip()}\n```"
