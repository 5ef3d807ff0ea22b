package entropylens.cli;

import entropylens.checkpoint.CheckpointException;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// The command `entropy-lens`.
@Command(
        name = "entropy-lens",
        description =
                "Measures how each block of a language model changes the next-token distribution: its entropy profile.",
        subcommands = {ProfileCommand.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  entropy-lens profile --model path/to/gpt2 \"Once upon a time\"",
            "  entropy-lens profile --help"
        })
public final class Main implements Runnable {
    @Option(
            names = "--stacktrace",
            description = "Show where in the program an error came from.",
            scope = ScopeType.INHERIT)
    boolean stackTrace;

    @CommandLine.Spec CommandLine.Model.CommandSpec spec;

    /// For picocli, which fills the fields.
    @SuppressWarnings("NullAway.Init")
    public Main() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed, for example: profile");
    }

    /// Runs one command line.
    ///
    /// @return 0 done, 1 the work failed, 2 the command line is wrong
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        CommandLine commandLine =
                new CommandLine(main)
                        .setOut(out)
                        .setErr(err)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setUsageHelpWidth(100)
                        .setUsageHelpAutoWidth(false)
                        .setParameterExceptionHandler((e, given) -> wrongCommandLine(e, err))
                        .setExecutionExceptionHandler(
                                (e, command, parsed) -> failed(e, err, main.stackTrace));
        int code = commandLine.execute(args);
        out.flush();
        err.flush();
        if (out.checkError() && code == ExitCode.OK) {
            // a full disk must not look like success; a closed pipe (| head) ends here as well
            return ExitCode.SOFTWARE;
        }
        return code;
    }

    private static int wrongCommandLine(ParameterException e, PrintWriter err) {
        err.println("entropy-lens: " + e.getMessage());
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("Try '" + name + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, PrintWriter err, boolean stackTrace) {
        err.println("entropy-lens: " + message(e));
        if (stackTrace) {
            e.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    private static String message(Exception e) {
        boolean explained =
                e instanceof CheckpointException
                        || e instanceof CliException
                        || e.getMessage() != null && !(e instanceof NullPointerException);
        return explained
                ? String.valueOf(e.getMessage())
                : "unexpected " + e + "; --stacktrace shows where, please report it";
    }

    /// The launcher silences the JVM's own standard error (its incubator warning) and names a copy
    /// of it here.
    private static PrintStream standardError() {
        String copy = System.getProperty("entropylens.stderr");
        if (copy == null) {
            return System.err;
        }
        try {
            return new PrintStream(new FileOutputStream(copy, true), true, StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            return System.err;
        }
    }

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        System.setErr(standardError());
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code;
        try {
            code = run(out, err, args);
        } catch (OutOfMemoryError e) {
            err.println(
                    "entropy-lens: out of memory (%s); run fewer sequences at a time (--batch), fewer tokens, or give the JVM more: ENTROPY_LENS_JAVA_OPTS=-Xmx…"
                            .formatted(e.getMessage()));
            code = ExitCode.SOFTWARE;
        }
        System.exit(code);
    }
}
