"""Renders chat templates with transformers: what `entropylens.chat` has to make of them, to the byte.

    python tools/make_chat_goldens.py --out core/src/test/resources/chat

Reads every `*.jinja` of the folder and writes `NAME.json` beside it, and `conversations.json`. Other
templates can be checked the same way, in a folder of their own: see tools/README.md.
"""

import argparse
import datetime
import json
import platform
from pathlib import Path

import jinja2
import transformers
from chat_conversations import CONVERSATIONS, SPECIAL
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2026, 11, 7, 9, 5, 3)  # one digit where two are printed


class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder with the templates")
    folder = parser.parse_args().out
    chat_template_utils.datetime = Frozen
    write(folder / "conversations.json", {name: {"messages": messages, **more} for name, (messages, more) in CONVERSATIONS.items()})
    rendered = refused = 0
    for path in sorted(folder.glob("*.jinja")):
        template = path.read_text(encoding="utf-8")
        cases = {name: render(template, messages, more) for name, (messages, more) in CONVERSATIONS.items()}
        write(path.with_suffix(".json"), {"made_by": made_by(), "special": SPECIAL, "now": NOW.isoformat(), "cases": cases})
        rendered += sum("text" in case for case in cases.values())
        refused += sum("error" in case for case in cases.values())
        if all("error" in case for case in cases.values()):
            print(f"{path}: is never rendered: {cases['question']['error']}")
    print(f"{rendered} texts, {refused} refusals")


def made_by() -> str:
    return f"transformers {transformers.__version__}, jinja2 {jinja2.__version__}, Python {platform.python_version()}"


def render(template: str, messages: list, more: dict) -> dict:
    given = {"add_generation_prompt": True, **SPECIAL, **more}
    try:
        texts, _ = chat_template_utils.render_jinja_template(conversations=[messages], chat_template=template, **given)
        return {"text": texts[0]}
    except Exception as error:  # whatever Python raises is a refusal
        own = type(error) is jinja2.exceptions.TemplateError
        return {"error": str(error), "of_template": own}


def write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
