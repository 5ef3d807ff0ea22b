#!/bin/sh
# Builds and runs a program as somebody outside this repository would write it: a Maven project of its own that depends on
# the installed artefacts entropy-lens-core and entropy-lens-zoo and on nothing else, with the Java that the README shows.
# Everything is installed into a repository of its own in a temporary folder. Run it by hand after a change of poms or of
# the door; it takes about a minute, and needs no network once the project has been built.
#
#   tools/check-outside.sh
#
# MAVEN_REPOSITORY  where Maven keeps what it has downloaded, if not in ~/.m2/repository; it is only read
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
. ./.mvn/find-jdk.sh
downloaded=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The installed artefacts come first, what they depend on is looked up in the repository behind.
maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" "$here/mvnw" -q -B -o "-Dmaven.repo.local=$work/installed" "-Dmaven.repo.local.tail=$downloaded" "$@"
}

version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml | head -n 1)
maven -Dmaven.test.skip=true -pl core,zoo -am install

# What stands between ```java and ``` in the README, with the numbers printed.
snippet=$(sed -n '/^```java$/,/^```$/p' README.md | sed '/^```/d')
case $snippet in
*meanEntropyByLayer*) ;;
*)
  echo "check-outside: README.md shows no Java that computes meanEntropyByLayer; correct this script or the README" >&2
  exit 1
  ;;
esac
mkdir -p "$work/project/src/main/java/outside"
cat >"$work/project/src/main/java/outside/Main.java" <<JAVA
package outside;

import entropylens.EntropyLens;
import entropylens.lens.TextProfile;

public final class Main {
    public static void main(String[] args) {
$(printf '%s\n' "$snippet" | sed 's/^}$/    System.out.println(lens.kernels());\
    for (double nats : meanEntropyByLayer) {\
        System.out.printf(java.util.Locale.ROOT, "%.4f%n", nats);\
    }\
}/')
    }
}
JAVA
cat >"$work/project/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>outside</groupId>
  <artifactId>outside</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>25</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>io.github.entropylens</groupId><artifactId>entropy-lens-core</artifactId><version>$version</version></dependency>
    <dependency><groupId>io.github.entropylens</groupId><artifactId>entropy-lens-zoo</artifactId><version>$version</version></dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
      <plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
      <plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.9.0</version></plugin>
    </plugins>
  </build>
</project>
POM
maven -f "$work/project/pom.xml" compile dependency:build-classpath -Dmdep.outputFile="$work/classpath"

"$JAVA_HOME/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  "-Dentropylens.zoo=$here/zoo/models" -cp "$work/project/target/classes:$(cat "$work/classpath")" outside.Main \
  >"$work/numbers" 2>"$work/talk" || {
  cat "$work/talk" >&2
  echo "check-outside: the program did not run" >&2
  exit 1
}
cat "$work/numbers"
case $(cat "$work/classpath") in
*duckdb* | *picocli* | *hipparchus* | *entropy-lens-hub*)
  echo "check-outside: core and zoo bring more than they need: $(cat "$work/classpath")" >&2
  exit 1
  ;;
esac
# the kernels and one number for each of the eight blocks
[ "$(wc -l <"$work/numbers")" -eq 9 ] || {
  echo "check-outside: expected the name of the kernels and 8 numbers" >&2
  exit 1
}
