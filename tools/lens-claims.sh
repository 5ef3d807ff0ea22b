#!/bin/sh
# The claims of docs/claims.md through other lenses, beside their nulls: fits lenses for each model and its untrained
# twin, and runs studies through all of them at once.
#
#   tools/lens-claims.sh TEXTS.jsonl DIRECTORY "STUDY ..." MODEL [MODEL ...]
#
# TEXTS.jsonl has a column text: of the zoo, train.jsonl of zoo/write-corpus 1 800 10 10 CORPUS. Two ridge lenses are
# fitted on its two halves, which share no text, and two tuned lenses trained: how far two of a kind differ is the floor
# of what a lens can say. The shift of the means is fitted on the first half. Lenses that are in the directory are used
# as they are. STUDY_OPTIONS: of the study, --preset quick unless set. ENTROPY_LENS: the program, ./entropy-lens unless
# set. TUNED: how tuned lenses are trained. The run lies in DIRECTORY, under the names of its studies;
# tools/lens_table.py prints its tables.
set -eu
run=${ENTROPY_LENS:-./entropy-lens}
texts=$1
out=$2
studies=$3
shift 3
mkdir -p "$out"
half=$(($(wc -l <"$texts") / 2))
head -n "$half" "$texts" >"$out/one.jsonl"
tail -n +"$((half + 1))" "$texts" >"$out/two.jsonl"
options=""
for model in "$@"; do
  name=$(basename "$model")
  options="$options --model $model"
  fit() { # KIND TEXTS NAME [OPTION ...]
    kind=$1 from=$2 file="$out/$name-$3.safetensors"
    shift 3
    if [ ! -f "$file" ]; then
      "$run" lens fit --model "$model" --prompts "$from" --prompt-column text --kind "$kind" -o "$file" "$@"
    fi
    options="$options --lens $file"
  }
  tuned=${TUNED:---steps 60 --tokens-per-step 1024}
  fit ridge "$out/one.jsonl" ridge
  fit ridge "$out/two.jsonl" ridge-2
  fit mean "$out/one.jsonl" mean
  # shellcheck disable=SC2086 # words of options
  fit tuned "$out/one.jsonl" tuned $tuned
  # shellcheck disable=SC2086
  fit tuned "$out/two.jsonl" tuned-2 $tuned
  fit ridge "$out/one.jsonl" ridge-twin --untrained 1
  fit ridge "$out/two.jsonl" ridge-2-twin --untrained 1
  fit mean "$out/one.jsonl" mean-twin --untrained 1
  # shellcheck disable=SC2086
  fit tuned "$out/one.jsonl" tuned-twin --untrained 1 $tuned
  # shellcheck disable=SC2086
  fit tuned "$out/two.jsonl" tuned-2-twin --untrained 1 $tuned
done
# shellcheck disable=SC2086 # words of options
"$run" study $studies ${STUDY_OPTIONS:---preset quick} --nulls $options -o "$out/$(echo "$studies" | tr ' ' -)" --resume
