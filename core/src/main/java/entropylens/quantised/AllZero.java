package entropylens.quantised;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Whether stored numbers are 0.
final class AllZero {
    private AllZero() {}

    static boolean is(MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at++) {
            if (data.get(ValueLayout.JAVA_BYTE, at) != 0) {
                return false;
            }
        }
        return true;
    }
}
