package entropylens.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdFaultTest {
    private static final List<String> G1 = List.of("G1 Young Generation", "G1 Old Generation");
    private static final List<String> ZSTD = List.of("a=lz4", "spark.x=zstd");

    @ParameterizedTest
    @ValueSource(strings = {"25+36", "25.0.1+8", "25.0.2+10-LTS"})
    void zstdIsRefusedWhereG1MovesWhatNativeCodeHolds(String version) {
        assertThat(ZstdFault.of(Runtime.Version.parse(version), G1, ZSTD))
                .hasValueSatisfying(fault ->
                        assertThat(fault)
                                .contains(version, "JDK-8377811", "spark.x=zstd", "25.0.3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3+9", "25.0.4", "21.0.2", "26"})
    void otherVersionsWriteWithIt(String version) {
        assertThat(ZstdFault.of(Runtime.Version.parse(version), G1, ZSTD)).isEmpty();
    }

    @Test
    void otherCollectorsAndCodecsAreNotConcerned() {
        Runtime.Version affected = Runtime.Version.parse("25.0.1");
        assertThat(ZstdFault.of(affected, List.of("PS MarkSweep", "PS Scavenge"), ZSTD)).isEmpty();
        assertThat(ZstdFault.of(affected, G1, List.of("spark.x=snappy"))).isEmpty();
    }
}
