package entropylens.cuda.driver;

import java.lang.foreign.MemorySegment;

/// Text that a library keeps.
final class NativeStrings {
    /// More than any message of these libraries, so that a pointer that is not one reads no
    /// further.
    private static final long LONGEST = 4096;

    private NativeStrings() {}

    /// The text that begins at an address and ends with a zero byte.
    @SuppressWarnings("restricted") // the length of a C string is known only by reading it
    static String at(long address) {
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address).reinterpret(LONGEST).getString(0);
    }
}
