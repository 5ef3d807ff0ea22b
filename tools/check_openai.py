"""Asks a running explorer with the package `openai`, as any program written for OpenAI's API would.

    python tools/check_openai.py http://127.0.0.1:7878 MODEL CHAT_MODEL

tools/check-openai.sh starts one and runs this. Needs the package `openai` (any version 1 or later). Prints what was compared, and fails where it differs.
"""

import argparse
import math
import sys

import openai


def same(what, found, expected):
    if found != expected:
        sys.exit(f"check_openai: {what}: expected {expected!r}, found {found!r}")
    print("ok", what)


def refused(what, error, param, call):
    try:
        call()
    except error as e:
        same(what, e.param, param)
    else:
        sys.exit(f"check_openai: {what} was not refused")


def main(address, model, chat_model):
    client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0)
    names = [one.id for one in client.models.list()]
    same("models.list", set(names) >= {model, chat_model}, True)
    same("models.retrieve", client.models.retrieve(model).id, model)

    asked = dict(model=model, prompt="Once upon a time", max_tokens=8, temperature=0.7, top_p=0.9, seed=3, logprobs=2)
    whole = client.completions.create(**asked)
    choice = whole.choices[0]
    same("tokens join to the text", "".join(choice.logprobs.tokens), choice.text)
    layers = len(choice.logprobs.entropy_profile[0])
    same("a profile of each token", {len(p) for p in choice.logprobs.entropy_profile}, {layers})
    same("completion_tokens", whole.usage.completion_tokens, 8)
    parts = list(client.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    same("a stream has the same text", "".join(p.choices[0].text for p in parts if p.choices), choice.text)
    same("and ends with the usage", parts[-1].usage.total_tokens, whole.usage.total_tokens)
    scored = client.completions.create(model=model, prompt="Once upon a time", max_tokens=0, echo=True, logprobs=0)
    same("an echo is the prompt", scored.choices[0].text, "Once upon a time")
    several = client.completions.create(model=model, prompt=["Once", "The"], n=2, max_tokens=3, seed=1)
    same("choices", [c.index for c in several.choices], [0, 1, 2, 3])

    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write a poem about the baker."}]
    asked = dict(model=chat_model, messages=messages, max_completion_tokens=8, temperature=0, logprobs=True, top_logprobs=3)
    answer = client.chat.completions.create(**asked).choices[0]
    for token in answer.logprobs.content:
        same("the most probable is chosen", token.top_logprobs[0].token, token.token)
        same("its bytes are its text", bytes(token.bytes).decode(), token.token)
        same("probabilities", 0 < sum(math.exp(t.logprob) for t in token.top_logprobs) <= 1 + 1e-6, True)
        same("layers", len(token.entropy_profile), layers)
    parts = list(client.chat.completions.create(**asked, stream=True))
    same("a chat's stream has the same text", "".join(p.choices[0].delta.content or "" for p in parts), answer.message.content)
    same("its end says why", parts[-1].choices[0].finish_reason, answer.finish_reason)
    stop = answer.message.content[4:7]
    stopped = client.chat.completions.create(**asked, stop=[stop]).choices[0]
    same("a stop", stopped.message.content, answer.message.content[: answer.message.content.index(stop)])
    same("its reason", stopped.finish_reason, "stop")

    refused("a penalty", openai.BadRequestError, "presence_penalty", lambda: client.chat.completions.create(**asked, presence_penalty=1))
    refused("tools", openai.BadRequestError, "tools", lambda: client.chat.completions.create(**asked, tools=[{"type": "function", "function": {"name": "f"}}]))
    refused("another model", openai.NotFoundError, "model", lambda: client.completions.create(model="other", prompt="a"))
    print("check_openai: all is as openai", openai.__version__, "reads it")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the explorer")
    parser.add_argument("model", help="one of its models")
    parser.add_argument("chat_model", help="one with a chat template")
    given = parser.parse_args()
    main(given.address.rstrip("/"), given.model, given.chat_model)
