#!/bin/sh
# The claims of docs/claims.md through other lenses, beside their nulls: fits lenses for each model and its untrained
# twin, measures how far two of a kind differ, and runs studies through all of them at once.
#
#   tools/lens-claims.sh TEXTS.jsonl OTHERS.jsonl DIRECTORY "STUDY ..." MODEL [MODEL ...]
#
# Both files have a column text: of the zoo, train.jsonl and heldout.jsonl of zoo/write-corpus 1 400 60 10 CORPUS; of
# models of TinyStories, its first 200 stories and its next 100.
# Ridge and tuned lenses are fitted on either half of TEXTS, which share no text, and Jacobian lenses on the first texts
# of either half: how far two of a kind differ is the floor of what a lens can say. It is measured on OTHERS, on which
# nothing was fitted (floor-MODEL-KIND.txt). The shift of the means is fitted on the first half. Lenses and floors that
# are in the directory are used as they are. The run lies in DIRECTORY, under the names of its studies;
# tools/lens_table.py prints its tables.
#
# STUDY_OPTIONS: of the study, --preset quick --nulls unless set. ENTROPY_LENS: the program, ./entropy-lens unless set.
# LENSES: the kinds, all four unless set. FLOORS: those of which a second one is fitted, all but mean unless set. TUNED:
# how tuned lenses are trained. JACOBIAN: texts of a Jacobian lens, 20 unless set. TWINS=no: untrained twins are seen
# through their model's lenses.
set -eu
run=${ENTROPY_LENS:-./entropy-lens}
texts=$1
others=$2
out=$3
studies=$4
shift 4
tuned=${TUNED:---steps 60 --tokens-per-step 1024}
jacobian=${JACOBIAN:-20}
lenses=${LENSES:-mean ridge jacobian tuned}
floors=${FLOORS-ridge jacobian tuned}
mkdir -p "$out"
half=$(($(wc -l <"$texts") / 2))
head -n "$half" "$texts" >"$out/one.jsonl"
tail -n +"$((half + 1))" "$texts" >"$out/two.jsonl"
for part in one two; do
  head -n "$jacobian" "$out/$part.jsonl" >"$out/$part-jacobian.jsonl"
done
options=""
fit() { # KIND PART NAME [OPTION ...]
  kind=$1 part=$2 file="$out/$name-$3.safetensors"
  shift 3
  case $kind in
    tuned) set -- "$@" $tuned ;;
    jacobian) part=$part-jacobian ;;
  esac
  if [ ! -f "$file" ]; then
    "$run" lens fit --model "$model" --prompts "$out/$part.jsonl" --prompt-column text --kind "$kind" -o "$file" "$@"
  fi
  options="$options --lens $file"
}
floor() { # KIND
  file="$out/floor-$name-$1.txt"
  if [ ! -f "$file" ]; then
    "$run" lens compare "$out/$name-$1.safetensors" "$out/$name-$1-2.safetensors" --model "$model" \
      --prompts "$others" --prompt-column text >"$file.part"
    mv "$file.part" "$file"
  fi
}
second() { # KIND: whether there is a second one of it
  case " $floors " in *" $1 "*) true ;; *) false ;; esac
}
for model in "$@"; do
  name=$(basename "$model")
  options="$options --model $model"
  for kind in $lenses; do
    fit "$kind" one "$kind"
    if second "$kind"; then
      fit "$kind" two "$kind-2"
      floor "$kind"
    fi
    if [ "${TWINS:-yes}" != no ]; then
      fit "$kind" one "$kind-twin" --untrained 1
      if second "$kind"; then
        fit "$kind" two "$kind-2-twin" --untrained 1
      fi
    fi
  done
done
if [ -n "$studies" ]; then
  # shellcheck disable=SC2086 # words of options
  "$run" study $studies ${STUDY_OPTIONS:---preset quick --nulls} $options -o "$out/$(echo "$studies" | tr ' ' -)" --resume
fi
