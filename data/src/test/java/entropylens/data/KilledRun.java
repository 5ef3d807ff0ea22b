package entropylens.data;

import java.nio.file.Path;

/// A run that goes on until it is killed, or the test that started it is.
final class KilledRun {
    /// Texts of a unit; each has 6 rows of profile and 2 answers.
    static final int TEXTS = 40;

    private KilledRun() {}

    static UnitRows unit(int number) {
        String[] ids = new String[TEXTS];
        for (int i = 0; i < TEXTS; i++) {
            ids[i] = name(number) + "/" + i;
        }
        return Samples.unit("a", ids);
    }

    static String name(int number) {
        return "chunk-%04d".formatted(number);
    }

    public static void main(String[] arguments) {
        try (Store store =
                Store.open(Path.of(arguments[0]), Samples.MANIFEST, Samples.ASKED, true)) {
            ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
            for (int number = 0; parent.isAlive(); number++) {
                if (!store.done(name(number))) {
                    store.commit(name(number), unit(number));
                }
            }
        } catch (DataException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(1);
        }
    }
}
