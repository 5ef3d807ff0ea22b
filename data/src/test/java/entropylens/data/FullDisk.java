package entropylens.data;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A run on a disk that becomes full. The limit on the size of files stands for it (Linux): the
/// system refuses to write more. Arguments: the directory, the units that there is room for, and
/// the bytes that a file may have from then on.
final class FullDisk {
    private static final int RLIMIT_FSIZE = 1;

    private FullDisk() {}

    public static void main(String[] arguments) throws Throwable {
        try (Store store =
                Store.open(Path.of(arguments[0]), Samples.MANIFEST, Samples.ASKED, false)) {
            int before = Integer.parseInt(arguments[1]);
            for (int number = 0; number < before; number++) {
                store.commit(KilledRun.name(number), KilledRun.unit(number));
            }
            Database.inMemory().close(); // its library is a file too
            limitFiles(Long.parseLong(arguments[2]));
            for (int number = before; ; number++) {
                store.commit(KilledRun.name(number), KilledRun.unit(number));
            }
        } catch (DataException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void limitFiles(long room) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var setrlimit =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setrlimit"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, room, room);
            int failed = (int) setrlimit.invokeExact(RLIMIT_FSIZE, limit);
            if (failed != 0) {
                throw new AssertionError("setrlimit failed");
            }
        }
    }
}
