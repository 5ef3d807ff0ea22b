package entropylens.cli;

import entropylens.hub.HubSettings;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `entropy-lens`.
@Command(
        name = "entropy-lens",
        description =
                "Measures how each block of a language model changes the next-token distribution: its entropy profile.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  entropy-lens profile \"Write a poem about the baker.\"",
            "  entropy-lens models",
            "  entropy-lens pull gpt2",
            "  entropy-lens profile --model gpt2 \"Once upon a time\""
        })
public final class Main implements Runnable {
    @Option(
            names = "--stacktrace",
            description = "Show where in the program an error came from.",
            scope = ScopeType.INHERIT)
    boolean stackTrace;

    @CommandLine.Spec CommandLine.Model.CommandSpec spec;

    private Map<String, String> environment = Map.of();

    /// For picocli, which fills the fields.
    @SuppressWarnings("NullAway.Init")
    public Main() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed, for example: profile");
    }

    /// The settings of the hub and its cache, from the environment.
    HubSettings hub() {
        String home = environment.getOrDefault("HOME", "");
        return HubSettings.of(
                environment, Path.of(home.isEmpty() ? System.getProperty("user.home") : home));
    }

    /// Runs one command line.
    ///
    /// @return 0 done, 1 the work failed, 2 the command line is wrong
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(out, err, System.getenv(), args);
    }

    static int run(
            PrintWriter out, PrintWriter err, Map<String, String> environment, String... args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            Version.lines().forEach(out::println); // asked for by scripts, often: without picocli
            return finish(out, err, ExitCode.OK);
        }
        Main main = new Main();
        main.environment = Map.copyOf(environment);
        CommandLine commandLine =
                commandLine(main, args)
                        .setOut(out)
                        .setErr(err)
                        .setParameterExceptionHandler((e, given) -> wrongCommandLine(e, err))
                        .setExecutionExceptionHandler(
                                (e, command, parsed) -> failed(e, err, main.stackTrace));
        return finish(out, err, execute(commandLine, main, err, args));
    }

    /// @param code what the command ended with
    /// @return it, or that the output did not arrive
    private static int finish(PrintWriter out, PrintWriter err, int code) {
        if (out.checkError() && code == ExitCode.OK) {
            // a full disk must not look like success
            if (!(out instanceof StandardOutput standard) || !standard.readerGone()) {
                say(err, "cannot write to standard output; the disk may be full");
            }
            err.flush();
            return ExitCode.SOFTWARE;
        }
        err.flush();
        return code;
    }

    /// How words are read, with every command known.
    static CommandLine commandLine(Main main) {
        CommandLine commandLine = new CommandLine(main);
        commands().forEach(commandLine::addSubcommand);
        return read(commandLine);
    }

    /// The same where `args` name a command, with that one alone: to read the annotations of all
    /// commands takes longer than many a command.
    private static CommandLine commandLine(Main main, String... args) {
        Class<?> named = args.length == 0 ? null : commands().get(args[0]);
        return named == null || named == CommandLine.HelpCommand.class
                ? commandLine(main)
                : read(new CommandLine(main).addSubcommand(args[0], named));
    }

    private static CommandLine read(CommandLine commandLine) {
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setExpandAtFiles(false); // a prompt may begin with @
    }

    /// In the order of the help.
    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("profile", ProfileCommand.class);
        commands.put("batch", BatchCommand.class);
        commands.put("lens", LensCommand.class);
        commands.put("study", StudyCommand.class);
        commands.put("explore", ExploreCommand.class);
        commands.put("models", ModelsCommand.class);
        commands.put("pull", PullCommand.class);
        commands.put("query", QueryCommand.class);
        commands.put("help", CommandLine.HelpCommand.class);
        return commands;
    }

    /// picocli lets errors through, as it should; here the program ends.
    private static int execute(
            CommandLine commandLine, Main main, PrintWriter err, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            return failed(e, err, main.stackTrace);
        }
    }

    private static void say(PrintWriter err, String message) {
        err.println("entropy-lens: " + Failures.oneLine(message));
    }

    private static int wrongCommandLine(ParameterException e, PrintWriter err) {
        boolean words =
                e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.isUnknownOption()
                        && e.getCommandLine().getCommandSpec().positionalParameters().stream()
                                .anyMatch(parameter -> parameter.paramLabel().equals("PROMPT"));
        say(err, e.getMessage() + (words ? "; a prompt of several words needs quotes" : ""));
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("Try '" + name + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Throwable e, PrintWriter err, boolean stackTrace) {
        say(err, Failures.message(e));
        if (stackTrace) {
            e.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
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
        Locale.setDefault(Locale.ROOT); // numbers look the same everywhere
        // Java keeps a proxy's password to itself unless told otherwise
        System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
        PrintWriter out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setErr(standardError());
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }
}
