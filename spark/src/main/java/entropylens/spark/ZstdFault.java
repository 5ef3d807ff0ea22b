package entropylens.spark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/// JDK 25 before 25.0.3 with G1 moves arrays that native code holds (JDK-8377811: optional
/// evacuations may move pinned objects). zstd-jni compresses within such arrays, and ORC and
/// Parquet files that were written so could not be read back (zstd-jni issue 377).
final class ZstdFault {
    private ZstdFault() {}

    /// Why this JVM must not write with these codecs, if it must not.
    static Optional<String> here(List<String> codecs) {
        return of(
                Runtime.version(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(collector -> collector.getName())
                        .toList(),
                codecs);
    }

    /// @param collectors names of the JVM's garbage collectors
    /// @param codecs `KEY=VALUE` of the settings of Spark that name a codec
    static Optional<String> of(
            Runtime.Version version, List<String> collectors, List<String> codecs) {
        boolean affected =
                version.feature() == 25 && version.interim() == 0 && version.update() < 3;
        if (!affected || collectors.stream().noneMatch(name -> name.startsWith("G1"))) {
            return Optional.empty();
        }
        return codecs.stream()
                .filter(codec -> codec.endsWith("=zstd"))
                .findFirst()
                .map(codec ->
                        "JDK %s with G1 damages what is compressed with zstd (JDK-8377811, mended in 25.0.3), and %s; use JDK 25.0.3, -XX:+UseParallelGC, or another codec"
                                .formatted(version, codec));
    }
}
