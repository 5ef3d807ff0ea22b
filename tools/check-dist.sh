#!/bin/sh
# Whether the release archive works where nothing is installed: made, unpacked elsewhere, started without a JDK in sight.
#
#   tools/check-dist.sh [ARCHIVE.tar.gz]
#
# Without an archive it makes one (./mvnw -Pdist package).
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
archive=${1:-}
if [ -z "$archive" ]; then
  (cd "$here" && ./mvnw -q -B -Pdist -Dmaven.test.skip=true -Dspotless.check.skip=true -pl cli -am package)
  archive=$(ls "$here"/cli/target/entropy-lens-*.tar.gz)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$archive" -C "$work"
set -- "$work"/entropy-lens-*
folder=$1
# a PATH with what the launcher calls, and no Java
mkdir "$work/bin"
for tool in sh dirname readlink find head locale stty mv rm cat env; do
  ln -s "$(command -v "$tool")" "$work/bin/$tool"
done
lens() { env -i PATH="$work/bin" HOME="$work" "$folder/entropy-lens" "$@" 2>"$work/errors"; }

fail() {
  echo "check-dist: $1" >&2
  cat "$work/errors" >&2
  exit 1
}

lens --version || fail "--version fails"
least=25.0.3
found=$("$folder/runtime/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9.]*\)".*/\1/p')
[ "$(printf '%s\n%s\n' "$least" "$found" | sort -V | head -n 1)" = "$least" ] || fail "the archive holds Java $found, and $least is the least that is safe"
lens profile "Once upon a time" --tokens 4 --format json -o "$work/one.json" || fail "profile fails"
[ -s "$work/one.json" ] || fail "profile wrote nothing"
printf '{"prompt":"Once upon a time"}\n' >"$work/prompts.jsonl"
lens batch --prompts "$work/prompts.jsonl" --model tinytown-llama-4 --tokens 4 -o "$work/run" >/dev/null || fail "batch fails (DuckDB)"
lens profile "Once upon a time" --tokens 4 --plot "$work/one.png" >/dev/null || fail "a picture cannot be drawn"
echo "check-dist: Java $found, $(du -m "$archive" | cut -f1) MB packed, $(du -sm "$folder" | cut -f1) MB unpacked: profile, batch and picture work"
