#!/bin/sh
# Kills a study with SIGKILL at random moments, goes on with --resume, and compares what it leaves with an undisturbed
# run: Parquet files byte for byte, and the report. Run it by hand after a change of studies or of the store.
#
#   tools/check-kills.sh [KILLS [SEED [ARGUMENTS OF entropy-lens study ...]]]
#
# Without arguments: twenty kills of `all --preset quick` on the smallest model. A run that ends before it is killed is
# compared, and another one begins.
set -u
here=$(cd "$(dirname "$0")/.." && pwd -P)
lens=$here/entropy-lens
kills=${1:-20}
seed=${2:-1}
[ $# -lt 2 ] || shift
[ $# -lt 1 ] || shift
[ $# -gt 0 ] || set -- all --preset quick --model tinytown-llama-4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

# The report without what differs from run to run: the command line, which names the directory.
report() {
  grep -v '"command"' "$1/report.json"
}

compare() {
  for file in "$work"/whole/*.parquet; do
    cmp -s "$file" "$1/$(basename "$file")" || {
      echo "WRONG $1: $(basename "$file") differs from that of the undisturbed run"
      wrong=$((wrong + 1))
    }
  done
  report "$work/whole" >"$work/whole.json"
  report "$1" >"$work/part.json"
  cmp -s "$work/whole.json" "$work/part.json" || {
    echo "WRONG $1: report.json differs from that of the undisturbed run"
    diff "$work/whole.json" "$work/part.json" | head -n 5
    wrong=$((wrong + 1))
  }
}

began=$(date +%s%3N)
"$lens" study "$@" -o "$work/whole" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
length=$(($(date +%s%3N) - began))
echo "undisturbed: $length ms"

done=0
runs=0
while [ "$done" -lt "$kills" ]; do
  runs=$((runs + 1))
  dir=$work/run$runs
  resume=
  while :; do
    # shellcheck disable=SC2086
    "$lens" study "$@" -o "$dir" $resume >"$work/log" 2>&1 &
    pid=$!
    if [ "$done" -lt "$kills" ]; then
      seed=$(((seed * 1103515245 + 12345) % 2147483648))
      wait_ms=$((seed / 65536 % length))
      sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
      if kill -9 "$pid" 2>/dev/null; then
        done=$((done + 1))
        wait "$pid" 2>/dev/null
        echo "killed after $wait_ms ms, in run $runs: $(ls "$dir" 2>/dev/null | tr '\n' ' ')"
        [ ! -e "$dir/manifest.json" ] || resume=--resume
        continue
      fi
    fi
    wait "$pid" || {
      cat "$work/log"
      exit 1
    }
    break
  done
  compare "$dir"
  rm -rf "$dir"
done
echo "$done kills in $runs runs: $wrong differences"
[ "$wrong" -eq 0 ]
