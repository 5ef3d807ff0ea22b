#!/bin/sh
# What a model of 8 billion weights takes, in GGUF with 4 to 6 bits a weight (tools/large_gguf.py): how long it takes to open,
# how much heap and memory it and a text of two tokens need. Its entropies must be ln V at every layer.
#
#   tools/check-large-gguf.sh [PYTHON]
#
# PYTHON has the packages of tools/requirements.txt (default: python3). Times are those of a file that is not on disk: a real
# one is read from there first. The JVM gets 512 MiB of heap, less than a ninth of the file.
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/find-jdk.sh
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" tools/large_gguf.py "$work/large.gguf"
./mvnw -q -B -Dquick -Dmaven.test.skip=true package
cat >"$work/Open.java" <<'JAVA'
import entropylens.EntropyLens;

public final class Open {
    public static void main(String[] args) {
        long before = System.nanoTime();
        try (EntropyLens lens = EntropyLens.open(args[0])) {
            double seconds = 1e-9 * (System.nanoTime() - before);
            System.gc();
            Runtime jvm = Runtime.getRuntime();
            System.out.printf(
                    java.util.Locale.ROOT,
                    "open: %.2f s, %.0f MB of heap; %s, %s%n",
                    seconds,
                    1e-6 * (jvm.totalMemory() - jvm.freeMemory()),
                    lens.loaded().quantisation().orElseThrow(),
                    lens.kernels());
        }
    }
}
JAVA
"$JAVA_HOME/bin/java" -Xmx512m --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp cli/target/entropy-lens.jar "$work/Open.java" "$work/large.gguf"
ENTROPY_LENS_JAVA_OPTS=-Xmx512m
export ENTROPY_LENS_JAVA_OPTS
began=$(date +%s%3N)
./entropy-lens profile --model "$work/large.gguf" --token-ids 1,2 --positions prompt --format csv -o "$work/profile.csv" &
running=$!
most=0
while kill -0 "$running" 2>/dev/null; do
  # Java is what the launcher became
  heap=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$running/status" 2>/dev/null || true)
  [ "${heap:-0}" -le "$most" ] || most=$heap
  sleep 0.2
done
wait "$running"
echo "two tokens: $(($(date +%s%3N) - began)) ms with the start, $((most / 1024)) MiB beside the mapped file"
"$python" - "$work/profile.csv" <<'PYTHON'
import csv, math, sys

rows = list(csv.DictReader(open(sys.argv[1])))
entropies = [float(row["entropy"]) for row in rows]
worst = max(abs(entropy - math.log(128256)) for entropy in entropies)
print(f"{len(entropies)} entropies, at most {worst:.1e} nats from ln V")
sys.exit(len(entropies) == 0 or worst > 1e-5)
PYTHON
