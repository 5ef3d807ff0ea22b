"""The conversations that chat templates are rendered with: `make_chat_goldens.py` writes them beside what comes out."""

SYSTEM = {"role": "system", "content": "You are terse.\nAnswer in one line."}
ODD = "  <b>&amp; 'single' \"double\" \\n caf\u00e9 \U0001f600 \u2028\t\n"

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Says what the weather is.\nEverywhere, \u00fcberall.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "A \"city\"'s name"},
                "days": {"type": ["integer", "null"], "default": 3, "minimum": 0.5},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city"],
            "additionalProperties": False,
        },
        "return": {"type": "object", "properties": {}},
    },
}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "id": "abcdef123",
            "type": "function",
            "function": {"name": "get_weather", "arguments": {"city": "K\u00f6ln", "days": 2, "near": 1.5, "all": True}},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": "abcdef123", "name": "get_weather", "content": '{"degrees": 21}'}
THOUGHT = {"role": "assistant", "content": "<think>\nIt is a sum.\n</think>\n\nFour.", "reasoning_content": "It is a sum."}


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


def parts(*texts):
    return [{"type": "text", "text": text} for text in texts]


SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

# name -> messages, and what is given beside them; `add_generation_prompt` is true where nothing is said
CONVERSATIONS = {
    "question": ([user("What is 2 + 2?")], {}),
    "question-unanswered": ([user("What is 2 + 2?")], {"add_generation_prompt": False}),
    "system": ([SYSTEM, user("What is 2 + 2?")], {}),
    "turns": ([SYSTEM, user("Hi"), assistant(" Hello! "), user("Bye\n")], {}),
    "turns-without-system": ([user("Hi"), assistant("Hello!"), user("Bye"), assistant("So long."), user("?")], {}),
    "answered": ([SYSTEM, user("Hi"), assistant("Hello!")], {"add_generation_prompt": False}),
    "odd-characters": ([{"role": "system", "content": ODD}, user(ODD), assistant(ODD), user(ODD)], {}),
    "parts": ([{"role": "system", "content": parts("Be", "brief")}, {"role": "user", "content": parts("One ", " two")}], {}),
    "two-users": ([user("One"), user("Two")], {}),
    "assistant-first": ([assistant("I begin"), user("And I?")], {}),
    "another-role": ([{"role": "critic", "content": "Hm"}, user("Well?")], {}),
    "empty": ([{"role": "system", "content": ""}, user("")], {}),
    "no-messages": ([], {}),
    "thoughts": ([user("2 + 2?"), THOUGHT, user("And 3 + 3?")], {}),
    "thoughts-off": ([SYSTEM, user("2 + 2?"), THOUGHT, user("And 3 + 3?")], {"enable_thinking": False, "thinking": False}),
    "thoughts-on": ([user("2 + 2?")], {"enable_thinking": True, "thinking": True, "reasoning_effort": "high"}),
    "tools": ([SYSTEM, user("Is it warm?")], {"tools": [WEATHER]}),
    "tool-calls": ([user("Is it warm?"), CALL, RESULT], {"tools": [WEATHER]}),
    "tool-calls-answered": ([SYSTEM, user("Is it warm?"), CALL, RESULT, RESULT, assistant("Yes."), user("Thanks")], {"tools": [WEATHER, WEATHER]}),
    "documents": ([user("Summarise.")], {"documents": [{"title": "A", "text": "Alpha\nBeta"}, {"doc_id": 7, "title": "B", "text": "Gamma"}]}),
}
