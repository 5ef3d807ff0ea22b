package entropylens.web;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.nio.file.Path;
import java.util.Map;

/// The explorer, running: a page in the browser, and the API behind it. Closing it stops the server
/// and closes the models.
public final class Explorer implements AutoCloseable {
    /// Seconds that a text has to end.
    private static final int CLOSING = 30;

    private final Javalin server;
    private final ServedModels models;
    private final ServedRuns runs;
    private final Turns turns;
    private final Turns questions;
    private final ExplorerSettings settings;

    private Explorer(
            Javalin server,
            ServedModels models,
            ServedRuns runs,
            Turns turns,
            Turns questions,
            ExplorerSettings settings) {
        this.server = server;
        this.models = models;
        this.runs = runs;
        this.turns = turns;
        this.questions = questions;
        this.settings = settings;
    }

    /// Starts to listen.
    ///
    /// @param directories of the models, by the names that are shown; no other is ever opened
    /// @param threads that compute
    /// @throws IllegalStateException when the port is taken
    public static Explorer start(
            ExplorerSettings settings,
            Map<String, Path> directories,
            LoadOptions options,
            int threads,
            Device device) {
        return start(settings, directories, options, threads, device, Shelf.EMPTY);
    }

    /// Starts to listen.
    ///
    /// @param shelf what it shows beside the models
    /// @throws entropylens.checkpoint.CheckpointException when a lens is damaged or for none of the
    ///   models
    /// @throws entropylens.data.DataException when a run is
    /// @throws IllegalStateException when the port is taken
    public static Explorer start(
            ExplorerSettings settings,
            Map<String, Path> directories,
            LoadOptions options,
            int threads,
            Device device,
            Shelf shelf) {
        ServedModels models = new ServedModels(directories, options, threads, device);
        ServedRuns runs;
        try {
            ServedLenses.open(shelf.lenses(), models);
            runs = new ServedRuns(shelf.runs());
        } catch (RuntimeException e) {
            models.close();
            throw e;
        }
        Turns turns = new Turns(Limits.WAITING, Limits.PATIENCE);
        Turns questions = new Turns(Limits.WAITING, Limits.PATIENCE);
        Doorkeeper doorkeeper = new Doorkeeper(settings);
        Javalin server =
                Javalin.create(config -> {
                    config.concurrency.useVirtualThreads = true;
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.http.compressionStrategy = CompressionStrategy.NONE;
                    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
                    config.routes.before(doorkeeper::check);
                    new ApiRoutes(models, runs, turns, questions)
                            .list()
                            .forEach(one -> one.add(config));
                    new OpenAiRoutes(models, turns).list().forEach(one -> one.add(config));
                    StaticPage.add(config);
                    Answers.addErrors(config, models);
                });
        try {
            server.start(settings.host(), settings.port());
        } catch (RuntimeException e) {
            models.close();
            runs.close();
            throw new IllegalStateException(
                    "cannot listen on %s, port %d (%s); another program may do so: choose another with --port"
                            .formatted(settings.host(), settings.port(), reason(e)),
                    e);
        }
        return new Explorer(server, models, runs, turns, questions, settings);
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() + "";
    }

    /// Where the page is; with the token, if there is one, behind the `#`, which browsers keep to
    /// themselves.
    public String address() {
        return "http://%s:%d/%s"
                .formatted(
                        Hosts.inUrl(settings.host()),
                        server.port(),
                        settings.token().map(token -> "#token=" + token).orElse(""));
    }

    int port() {
        return server.port();
    }

    Turns turns() {
        return turns;
    }

    /// Of what is asked of runs.
    Turns questions() {
        return questions;
    }

    /// Stops. A text that computes ends with its next token, for nobody listens any more; weights
    /// stay mapped for one that does not end.
    @Override
    public void close() {
        server.stop();
        boolean interrupted = Thread.interrupted();
        runs.close();
        if (turns.end(CLOSING)) {
            models.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
