package entropylens.cli;

import entropylens.gguf.GgufModel;
import entropylens.kernels.Device;
import entropylens.kernels.Kernels;
import entropylens.result.Json;
import entropylens.zoo.ModelCard;
import entropylens.zoo.Zoo;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens models`: the models of the zoo, and those in GGUF on this machine; or what a
/// checkpoint is, whether it can be used, and what that takes.
@Command(
        name = "models",
        description = {
            "Lists the models that ship with entropy-lens, and those in GGUF that Ollama, LM Studio and the Hugging Face cache keep on this machine; with --check, says what a checkpoint is, whether it can be used, and how much memory that takes.",
            "",
            "A model that is supported proves itself on a short input: everything is finite, decoding token by token equals one pass, a text beside another equals it alone, and a line of English has a lower loss than guessing, or than the same tokens shuffled. Exit code 1 when it cannot be used or does not pass.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "entropy-lens models [--format F] [-o FILE]",
            "       entropy-lens models --check MODEL [OPTIONS]",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  entropy-lens models",
            "  entropy-lens models --check path/to/gpt2",
            "  entropy-lens models --check path/to/model-Q4_K_M.gguf",
            "  entropy-lens models --check path/to/my-tuned-llama --as llama --context 8192 --batch 16"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ModelsCommand implements Runnable {
    /// How the result is written.
    enum Format {
        TABLE,
        JSON
    }

    private static final int MAX_BATCH = 65_536;

    @Spec CommandSpec spec;
    @ParentCommand Main main;

    @Option(
            names = "--check",
            paramLabel = "MODEL",
            description =
                    "The model to look at: a directory in the Hugging Face layout, a GGUF file, a model that ships with entropy-lens or that Ollama or LM Studio keeps (ollama:NAME:TAG, lmstudio:PUBLISHER/REPOSITORY), or a hub id that is in the cache (see entropy-lens pull).")
    @Nullable String check;

    @Option(
            names = "--context",
            paramLabel = "N",
            description =
                    "Tokens of a text, prompt and generated, for the memory (default: the model's context, at most 2048).")
    @Nullable Integer context;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            description = "Texts at a time, for the memory (default: ${DEFAULT-VALUE}).")
    int batch;

    @Mixin LoadingOptions loading;

    @Mixin UntrainedOption untrained;

    @Mixin AdapterOptions adapters;

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "table",
            description = "table or json (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the result to a file instead of standard output.")
    @Nullable Path output;

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    /// Options that say how a model is checked.
    private static final List<String> OF_CHECK =
            List.of(
                    "--context",
                    "--batch",
                    "--threads",
                    "--device",
                    "--backend",
                    "--precision",
                    "--as",
                    "--ignore-config-key",
                    "--untrained",
                    "--adapter",
                    "--adapter-scale");

    @Override
    public void run() {
        if (check == null) {
            list();
        } else {
            check(check);
        }
    }

    private void list() {
        for (String option : OF_CHECK) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw wrong("%s has no effect without --check MODEL".formatted(option));
            }
        }
        requireWritable();
        List<ModelCard> models = Zoo.models();
        List<LocalGguf> gguf = LocalGguf.all(main.hub());
        write((out, style) -> {
            switch (format) {
                case TABLE -> {
                    ZooTable.print(models, out, style);
                    LocalGgufTable.print(gguf, out, style);
                }
                case JSON -> Json.print(ZooJson.document(models, gguf), out);
            }
        });
    }

    private void check(String name) {
        int threads = loading.threads();
        Device device = loading.device();
        ModelCheck.Request request = request();
        Path directory = directory(name);
        requireWritable();
        LoadingOptions.noteSlowKernels(Kernels.best(), spec.commandLine().getErr());
        ModelCheck result = ModelCheck.run(directory, request, threads, device);
        report(result);
        if (!result.passed()) {
            throw new CliException(
                    "%s: %s"
                            .formatted(
                                    directory,
                                    result.loaded().isPresent()
                                            ? "did not pass the check"
                                            : "cannot be used"));
        }
    }

    private ModelCheck.Request request() {
        if (context != null && context < 1) {
            throw wrong("--context must be at least 1, but is " + context);
        }
        if (batch < 1 || batch > MAX_BATCH) {
            throw wrong("--batch must be 1 to %d, but is %d".formatted(MAX_BATCH, batch));
        }
        adapters.refuseUntrained(untrained);
        return new ModelCheck.Request(
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                batch,
                untrained.of(loading.options().adapted(adapters.sources(main.hub()))));
    }

    private Path directory(String name) {
        Path directory = ModelOptions.find(name, main.hub());
        if (Files.isRegularFile(directory) && GgufModel.find(directory).isEmpty()) {
            throw new CliException(
                    "%s: is a file, but not one in GGUF; give the directory that holds config.json and the weights"
                            .formatted(directory));
        }
        if (!Files.exists(directory)) {
            throw new CliException(
                    "%s: there is no such directory or file; give the directory that holds config.json and the weights, a GGUF file, or the id of a model in the Hugging Face cache"
                            .formatted(directory));
        }
        return directory;
    }

    private void report(ModelCheck result) {
        result.loaded()
                .ifPresent(loaded -> {
                    LoadingOptions.otherFamily(loaded)
                            .ifPresent(note ->
                                    spec.commandLine()
                                            .getErr()
                                            .println(Failures.oneLine("entropy-lens: " + note)));
                    AdapterOptions.noteOtherBase(loaded, spec.commandLine().getErr());
                });
        write((out, style) -> {
            switch (format) {
                case TABLE -> ModelTable.print(result, out, style);
                case JSON -> Json.print(ModelJson.document(result), out);
            }
        });
    }

    private void requireWritable() {
        if (output != null) {
            new OutputFile("-o", output, force).requireWritable();
        }
    }

    private void write(BiConsumer<PrintWriter, Style> result) {
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            result.accept(out, Style.ofTerminal());
            out.flush();
        } else {
            new OutputFile("-o", output, force)
                    .writeText(writer -> result.accept(writer, Style.PLAIN));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
