#!/bin/sh
# Asks an explorer with the real package `openai`: tools/check_openai.py says what is compared. Run it by hand after a change
# of the door for OpenAI's clients; it takes a few seconds once the project is built.
#
#   tools/check-openai.sh
#
# PYTHON  an interpreter with the package (pip install openai); python3 if unset
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
python=${PYTHON:-python3}
work=$(mktemp -d)
explorer=
trap '[ -z "$explorer" ] || kill "$explorer"; rm -rf "$work"' EXIT

# a model with a chat template, as instruct models have one
cp -R "$here/zoo/models/tinytown-llama-4" "$work/town-chat"
printf '{%% for message in messages %%}{{ message.content }}\n{%% endfor %%}' >"$work/town-chat/chat_template.jinja"

"$here/entropy-lens" explore --model tinytown-gpt2-4 --model "$work/town-chat" --port 0 2>"$work/said" &
explorer=$!
address=
for _ in $(seq 600); do
  address=$(sed -n 's:.*the explorer is at \(http.*\)/$:\1:p' "$work/said")
  [ -z "$address" ] || break
  kill -0 "$explorer" 2>/dev/null || break
  sleep 0.1
done
[ -n "$address" ] || {
  cat "$work/said" >&2
  echo "check-openai: the explorer did not start" >&2
  exit 1
}
"$python" tools/check_openai.py "$address" tinytown-gpt2-4 "$work/town-chat"
