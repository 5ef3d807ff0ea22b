#!/bin/sh
# How many texts a minute the study of formats measures, texts together and one by one in turn, and where the time goes.
#
#   tools/throughput.sh MODEL [ROUNDS]
#
# MODEL is a directory, for instance one of tools/random_checkpoint.py with a tokenizer.json beside it. Times are those of
# the whole command: start, reading, measuring of the model and of its untrained twin, statistics, report.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
[ $# -ge 1 ] || {
  echo "usage: tools/throughput.sh MODEL [ROUNDS]" >&2
  exit 2
}
model=$1
rounds=${2:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
topics=8 # of three texts each, for the model and for its twin
texts=$((2 * 3 * topics))

study() {
  rm -rf "$work/run"
  "$here/entropy-lens" study formats --model "$model" --samples "$topics" --tokens 24 --batch "$1" -o "$work/run" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
  }
}

(cd "$here" && ./mvnw -q -B -Dquick -Dmaven.test.skip=true package)
"$here/entropy-lens" --version
round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  for batch in 24 1; do
    began=$(date +%s%3N)
    study "$batch"
    took=$(($(date +%s%3N) - began))
    echo "--batch $batch: $texts texts in $took ms, $((texts * 60000 / took)) a minute"
  done
done

export ENTROPY_LENS_JAVA_OPTS="-XX:StartFlightRecording=filename=$work/run.jfr,settings=profile"
study 24
. "$here/.mvn/find-jdk.sh"
"$JAVA_HOME/bin/java" -cp "$here/bench/target/classes" entropylens.bench.SampleShares "$work/run.jfr"
