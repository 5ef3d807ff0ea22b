package entropylens.web;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// The machine's own Chromium, driven through the machine's own Node. Where one of them is missing,
/// tests are skipped and say what to install: the build downloads neither.
final class Browser implements AutoCloseable {
    /// A loaded machine takes its time.
    static final double PATIENCE = 60_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Path node, Path browser) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(
                                        Map.of(
                                                "PLAYWRIGHT_NODEJS_PATH",
                                                node.toString(),
                                                "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                                                "1")));
        chromium =
                playwright
                        .chromium()
                        .launch(
                                new LaunchOptions()
                                        .setExecutablePath(browser)
                                        .setTimeout(PATIENCE)
                                        // a container's root has no sandbox
                                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    static Browser open() {
        return new Browser(
                require("Node", "nodejs", "node"),
                require("Chromium", "chromium", "chromium", "chromium-browser", "google-chrome"));
    }

    com.microsoft.playwright.Browser chromium() {
        return chromium;
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }

    private static Path require(String what, String debianPackage, String... programs) {
        Optional<Path> found =
                Arrays.stream(programs).flatMap(name -> onPath(name).stream()).findFirst();
        Assumptions.assumeTrue(
                found.isPresent(),
                () ->
                        "%s is not on this machine, so the explorer's page was not looked at; on Debian: apt-get install %s"
                                .formatted(what, debianPackage));
        return found.orElseThrow();
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
