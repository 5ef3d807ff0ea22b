#!/bin/sh
# Starts ./entropy-lens in the ways people start it: from elsewhere, through a link, with another Java first on the
# path, into closed pipes and full disks. Run it by hand after a change of the launcher; it takes about a minute.
#
#   ./mvnw -q -DskipTests package && tools/check-launcher.sh [DIRECTORY OF A MODEL WITH A TOKENIZER]
set -u
here=$(cd "$(dirname "$0")/.." && pwd -P)
plain=$here/core/src/test/resources/goldens/llama-gqa-tied
texts=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check NAME EXPECTED ACTUAL
check() {
  if [ "$2" = "$3" ]; then
    echo "ok    $1"
  else
    echo "WRONG $1: expected '$2', got '$3'"
    failures=$((failures + 1))
  fi
}

# Runs its arguments; leaves out, err and code.
run() {
  "$@" >"$work/out" 2>"$work/err.raw"
  code=$?
  # towards a file Java's own warning stays
  grep -v '^WARNING: Using incubator modules' "$work/err.raw" >"$work/err"
  return 0
}

lens=$here/entropy-lens
ids="--token-ids 1,2,3"
# shellcheck disable=SC2086
{
  run "$lens" profile --model "$plain" $ids
  check "plain: exit code" 0 "$code"
  check "plain: standard error is empty" "" "$(cat "$work/err")"
  check "plain: last line" "1" "$(grep -c 'Entropy is largest' "$work/out")"
  check "plain: no colour in a file" "0" "$(grep -c "$(printf '\033')" "$work/out")"
  cp "$work/out" "$work/expected"

  check "pipes: standard error is silent" "" "$("$lens" profile --model "$plain" $ids 2>&1 >/dev/null | cat)"

  cd / && run "$lens" profile --model "$plain" $ids && cd "$here" || exit 1
  check "from /: same output" "" "$(diff "$work/out" "$work/expected")"

  ln -s "$lens" "$work/a link"
  run "$work/a link" profile --model "$plain" $ids
  check "through a link: same output" "" "$(diff "$work/out" "$work/expected")"

  mkdir -p "$work/a path/with spaces/cli"
  cp "$lens" "$work/a path/with spaces/"
  cp -R "$here/.mvn" "$work/a path/with spaces/"
  mkdir -p "$work/a path/with spaces/cli/target"
  cp -R "$here/cli/target/entropy-lens.jar" "$here/cli/target/lib" "$work/a path/with spaces/cli/target/"
  mkdir -p "$work/a path/with spaces/zoo/models"
  cp -R "$here/zoo/models/tinytown-llama-8" "$work/a path/with spaces/zoo/models/"
  cp -R "$plain" "$work/my model"
  run "$work/a path/with spaces/entropy-lens" profile --model "$work/my model" $ids
  check "path with spaces: exit code" 0 "$code"
  check "path with spaces: class cache was made" yes "$([ -f "$(echo "$work/a path/with spaces/cli/target/"*.jsa)" ] && echo yes)"
  archive=$(echo "$work/a path/with spaces/cli/target/"*.jsa)
  run "$work/a path/with spaces/entropy-lens" profile --model "$work/my model" $ids
  check "path with spaces, second time: same table" "" "$(tail -n +2 "$work/expected" | diff - "$work/out" | grep '^<')"
  chmod a-w "$work/a path/with spaces/cli/target"
  rm -f "$work/a path/with spaces/cli/target/"*.jsa
  run "$work/a path/with spaces/entropy-lens" profile --model "$work/my model" $ids
  check "folder that cannot be written: exit code" 0 "$code"
  chmod u+w "$work/a path/with spaces/cli/target"
  for broken in "" "not an archive"; do
    printf '%s' "$broken" >"$archive"
    run "$work/a path/with spaces/entropy-lens" profile --model "$work/my model" $ids
    check "archive of classes is '$broken': same table" "" "$(tail -n +2 "$work/expected" | diff - "$work/out" | grep '^<')"
    check "archive of classes is '$broken': nothing said" "" "$(cat "$work/err")"
  done
  rm -f "$archive"
  "$work/a path/with spaces/entropy-lens" --version >/dev/null 2>&1 &
  "$work/a path/with spaces/entropy-lens" --version >/dev/null 2>&1
  wait
  check "two first starts at once: one archive, nothing left over" 1 "$(ls "$work/a path/with spaces/cli/target" | grep -c jsa)"

  run env -u JAVA_HOME "$lens" --version
  check "JAVA_HOME unset: exit code" 0 "$code"
  for old in /usr/lib/jvm/*17*/bin; do
    [ -x "$old/java" ] || continue
    run env -u JAVA_HOME PATH="$old:$PATH" "$lens" --version
    check "Java 17 first on the path: exit code" 0 "$code"
    run env JAVA_HOME="${old%/bin}" "$lens" --version
    check "JAVA_HOME is Java 17: exit code" 0 "$code"
    break
  done

  "$lens" profile --model "$plain" $ids --tokens 40 --top-k 100 --format csv 2>"$work/err" | head -1 >"$work/out"
  check "| head -1: first line" "sample,token,window" "$(cut -d, -f1-3 "$work/out")"
  check "| head -1: no complaint" "" "$(grep -v '^WARNING: Using incubator' "$work/err")"

  if [ -e /dev/full ]; then
    "$lens" profile --model "$plain" $ids >/dev/full 2>"$work/err.raw"
    check "/dev/full: exit code" 1 "$?"
    check "/dev/full: message" "entropy-lens: cannot write to standard output; the disk may be full" \
      "$(grep -v '^WARNING: Using incubator' "$work/err.raw")"
  fi
  "$lens" profile --model "$plain" $ids >&- 2>"$work/err.raw"
  check "standard output closed: exit code" 1 "$?"

  run "$lens" profile --model "$work/none" $ids
  check "error: exit code" 1 "$code"
  check "error: one line" 1 "$(grep -c . "$work/err")"
  run "$lens" profile --tokns 3
  check "wrong command line: exit code" 2 "$code"
  run "$lens" profile --model "$plain" --prompt-file "$work/*.txt"
  check "a star is not expanded" 1 "$(grep -cF '*.txt: there is no such file' "$work/err")"

  run env FORCE_COLOR=1 NO_COLOR= "$lens" profile --model "$plain" $ids
  check "FORCE_COLOR: colour" "yes" "$(grep -q "$(printf '\033')" "$work/out" && echo yes)"
  run env FORCE_COLOR=1 NO_COLOR=1 "$lens" profile --model "$plain" $ids
  check "NO_COLOR wins" "" "$(diff "$work/out" "$work/expected")"

  run env ENTROPY_LENS_JAVA_OPTS=-Xmx0 "$lens" --version
  check "JVM options that are wrong: exit code" 2 "$code"
  run env ENTROPY_LENS_JAVA_OPTS="-Xmx200m -Dx=1" "$lens" profile --model "$plain" $ids
  check "JVM options: same output" "" "$(diff "$work/out" "$work/expected")"
  run env LC_ALL=C "$lens" profile --model "$plain" $ids
  check "LC_ALL=C: same output" "" "$(diff "$work/out" "$work/expected")"

  if [ -n "$texts" ]; then
    run "$lens" profile --model "$texts" "Once upon" --tokens 4
    cp "$work/out" "$work/expected"
    echo "Once upon" | "$lens" profile --model "$texts" - --tokens 4 >"$work/out" 2>/dev/null
    check "prompt from standard input: same output" "" "$(diff "$work/out" "$work/expected")"
    accents="na$(printf '\303\257')ve caf$(printf '\303\251')"
    echo "$accents" | "$lens" profile --model "$texts" - --tokens 4 >"$work/expected" 2>/dev/null
    for locale in C C.UTF-8 xx_YY.UTF-8; do
      run env LC_ALL=$locale "$lens" profile --model "$texts" "$accents" --tokens 4
      check "LC_ALL=$locale: a prompt in UTF-8 arrives" "" "$(diff "$work/out" "$work/expected")"
    done
  fi
}
echo "$failures wrong"
[ "$failures" -eq 0 ]
