package entropylens.cli;

import entropylens.lens.Lens;
import entropylens.translators.LensSource;
import entropylens.translators.Lenses;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `entropy-lens lens show`: what a lens is and how it was made.
@Command(
        name = "show",
        description = {
            "Prints what a lens is: its layers, its model, how it was made; of one that was fitted here, what is lost by reading at each layer, without and with it.",
            ""
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LensShowCommand implements Runnable {
    @Spec CommandSpec spec;

    @Parameters(
            paramLabel = "LENS",
            description = "FILE.safetensors, jacobian:FILE.pt or tuned:DIRECTORY.")
    String given;

    @Override
    public void run() {
        LensSource source = LensWords.source(given, "LENS", spec);
        try (Arena arena = Arena.ofShared()) {
            Lens lens = Lenses.describe(source, arena);
            PrintWriter out = spec.commandLine().getOut();
            LensTable.print(lens, out);
            out.flush();
        }
    }
}
