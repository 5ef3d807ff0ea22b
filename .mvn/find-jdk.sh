# Finds a JDK 25 or newer and exports it as JAVA_HOME. POSIX sh, sourced by ./mvnw and ./entropy-lens, so that
# nobody sets anything by hand. JAVA_HOME is kept when it is new enough. Must be sourced before `set -f` (globs).
ENTROPY_LENS_JDK_NEEDED=25

# Feature version of the JDK at $1, read from its `release` file (no JVM start); 0 if there is none.
jdk_feature() {
  [ -x "$1/bin/javac" ] || { echo 0; return 0; }
  _version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null | head -n 1)
  echo "${_version:-0}"
}

find_jdk() {
  _on_path=$(command -v java 2>/dev/null || true)
  [ -z "$_on_path" ] || _on_path=$(dirname "$(dirname "$(readlink -f "$_on_path" 2>/dev/null || echo "$_on_path")")")
  for _jdk in "${ENTROPY_LENS_JAVA_HOME:-}" "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "$_on_path" \
      "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*/jdk* \
      "${HOME:-}"/.gradle/jdks/* "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$_jdk" ] && [ "$(jdk_feature "$_jdk")" -ge "$ENTROPY_LENS_JDK_NEEDED" ] && { echo "$_jdk"; return 0; }
  done
  return 1
}

if JAVA_HOME=$(find_jdk); then
  export JAVA_HOME
else
  echo "entropy-lens: no JDK $ENTROPY_LENS_JDK_NEEDED or newer found; install one (for example Temurin, https://adoptium.net) or set ENTROPY_LENS_JAVA_HOME to it" >&2
  exit 78
fi
