#!/bin/sh
# Runs whole studies on random weights in place of trained ones, and counts the runs that find something nonetheless: a
# verdict 'supported', after Holm's correction over the run. Then plants effects of known size, and counts how often they
# are found. Run it by hand after a change of how verdicts are made.
#
#   tools/check-false-findings.sh [RUNS [FIRST]]
#
# Without arguments: forty runs, half of them of either family, half a minute each on one core. Run n is the same
# whatever runs before it, so that several of these can share the work: FIRST is the number of the first. Exit code 1:
# clearly more than 5 % of the runs.
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/find-jdk.sh
./mvnw -q -B -Dquick -DskipTests -pl cli -am package
run() {
  "$JAVA_HOME/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
    -cp "study/target/test-classes:cli/target/lib/*" "$@"
}
run entropylens.study.correctness.PlantedEffect 200
run entropylens.study.FalseFindings zoo/models "${1:-40}" "${2:-0}"
