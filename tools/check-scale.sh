#!/bin/sh
# Runs the Python of docs/scale.md, as it stands there: pandas on the directory of a small batch, and PySpark on two prompts.
# Run it by hand after a change of the page, of the module spark, or of the tables.
#
#   tools/check-scale.sh [--without-pyspark]
#
# PYTHON  an interpreter with pandas and pyarrow, and pyspark 4.2.0 (pip install pandas pyarrow pyspark==4.2.0); python3 if unset
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
python=${PYTHON:-python3}
. ./.mvn/find-jdk.sh
export JAVA_HOME
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The block of Python that imports a package, between ```python and ```.
example() {
  awk -v package="$1" '
    /^```python$/ { inside = 1; text = ""; next }
    /^```$/ && inside { if (text ~ "import " package || text ~ "from " package) printf "%s", text; inside = 0; next }
    inside { text = text $0 "\n" }' docs/scale.md >"$work/with_$1.py"
  [ -s "$work/with_$1.py" ] || {
    echo "check-scale: docs/scale.md shows no Python that imports $1; correct this script or the page" >&2
    exit 1
  }
}
example pandas
example pyspark

# The examples name what they need as seen from the top of a checkout.
ln -s "$here/spark" "$here/zoo" "$work"
printf '%s\n' '{"prompt": "Who owns the bakery?", "label": "question"}' '{"prompt": "The cat sat.", "label": "statement"}' \
  '{"prompt": "", "label": "statement"}' >"$work/prompts.jsonl"
(cd "$work" && "$here/entropy-lens" batch --prompts prompts.jsonl --tokens 8 -o run >/dev/null)
(cd "$work" && "$python" with_pandas.py)

[ "${1:-}" != --without-pyspark ] || exit 0
"$python" -c 'import pyspark' 2>/dev/null || {
  echo "check-scale: $python has no pyspark: pip install pyspark==4.2.0, or --without-pyspark" >&2
  exit 1
}
./mvnw -q -B -Dquick -Dmaven.test.skip=true -pl spark -am package
(cd "$work" && "$python" with_pyspark.py)
[ -f "$work/profiles.parquet/_SUCCESS" ]
