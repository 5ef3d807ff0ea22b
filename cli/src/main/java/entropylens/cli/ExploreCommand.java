package entropylens.cli;

import entropylens.web.Explorer;
import entropylens.web.ExplorerSettings;
import entropylens.web.Shelf;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens explore`: the explorer, until it is interrupted.
@Command(
        name = "explore",
        description = {
            "Opens a page for the browser: tokens × layers as a heat map, live generation, skipped blocks beside the intact model.",
            "",
            "It serves this machine alone, needs no network, and stops with Ctrl-C. The API behind the page is described at /api/v1/openapi.json.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  entropy-lens explore",
            "  entropy-lens explore --model gpt2 --model Qwen/Qwen3-0.6B --port 8080",
            "  entropy-lens explore --model gpt2 --lens gpt2.safetensors --run batch-of-gpt2",
            "  entropy-lens explore --host 0.0.0.0 --token a-long-word-that-nobody-guesses"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ExploreCommand implements Runnable {
    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Mixin ModelOptions model;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7878",
            description =
                    "Where to listen; 0 is any port that is free (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "The address to listen on (default: ${DEFAULT-VALUE}, which only this machine reaches). Any other needs --token.")
    String host;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "A password of at least 16 characters, for every request; the address that is printed contains it. The connection is not encrypted: use it in a network that you trust.")
    @Nullable String token;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            description =
                    "A lens to compare with the logit lens: jacobian:FILE.pt, tuned:DIRECTORY or FILE.safetensors; repeatable. It is offered with each model that it fits, by the name of the file.")
    List<String> lenses = new ArrayList<>();

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "The directory of a study's or a batch's run, to look through its texts; repeatable.")
    List<Path> runs = new ArrayList<>();

    @Mixin LoadingOptions loading;

    @Override
    public void run() {
        ExplorerSettings settings = settings();
        PrintWriter err = spec.commandLine().getErr();
        try (Explorer explorer =
                Explorer.start(
                        settings,
                        models(),
                        loading.options(),
                        loading.threads(),
                        loading.device(),
                        new Shelf(lenses(), runs))) {
            err.println("entropy-lens: the explorer is at " + explorer.address());
            err.println("entropy-lens: stop it with Ctrl-C");
            err.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExplorerSettings settings() {
        try {
            return new ExplorerSettings(host, port, Optional.ofNullable(token));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    /// @throws ParameterException when the words name no lens
    private List<String> lenses() {
        lenses.forEach(lens -> LensWords.source(lens, "--lens", spec));
        return lenses.stream().filter(lens -> !lens.equals("logit")).distinct().toList();
    }

    /// By the names that they were given.
    private Map<String, Path> models() {
        List<Path> directories = model.all(main.hub());
        Map<String, Path> models = new LinkedHashMap<>();
        for (int i = 0; i < directories.size(); i++) {
            String name =
                    model.names.isEmpty()
                            ? directories.get(i).getFileName().toString()
                            : model.names.get(i);
            if (models.put(name, directories.get(i)) != null) {
                throw new ParameterException(
                        spec.commandLine(), "--model names %s twice".formatted(name));
            }
        }
        return models;
    }
}
