package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long `explore` takes to start, in a JVM of its own, and what one job costs on the command
/// line and in an explorer that runs. Figures are printed. Bounds are those of a machine that does
/// much else; `-Dfluency.strict=true` holds those of a quiet one.
@Timeout(300)
class ExploreStartTest {
    private static final boolean STRICT = Boolean.getBoolean("fluency.strict");

    /// From the start of the JVM to an address that answers, in milliseconds.
    private static final double START = STRICT ? 2000 : 20_000;

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dentropylens.zoo="
                                + System.getProperty("entropylens.zoo", "../zoo/models"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    /// Where the explorer says that it is.
    private static String address(Process explorer) throws IOException {
        BufferedReader err =
                new BufferedReader(
                        new InputStreamReader(explorer.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            int at = line.indexOf("the explorer is at ");
            if (at >= 0) {
                return line.substring(at + "the explorer is at ".length());
            }
        }
        throw new AssertionError("the explorer did not start");
    }

    private static void print(String what, double milliseconds) {
        System.out.printf(Locale.ROOT, "start: %-42s %7.0f ms%n", what, milliseconds);
    }

    private static double since(long nanoseconds) {
        return (System.nanoTime() - nanoseconds) / 1e6;
    }

    @Test
    void theExplorerStartsAtOnce() throws Exception {
        long begun = System.nanoTime();
        Process explorer = start("explore", "--port", "0");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String address = address(explorer);
            HttpRequest page = HttpRequest.newBuilder(URI.create(address)).build();
            HttpResponse<String> answer = client.send(page, HttpResponse.BodyHandlers.ofString());
            double started = since(begun);
            assertThat(answer.body()).contains("<title>");
            print("explore, until its page is there", started);
            double[] asked = new double[5];
            for (int i = 0; i < asked.length; i++) {
                asked[i] = ask(client, address);
            }
            print("profile of 32 tokens, first", asked[0]);
            Arrays.sort(asked);
            print("profile of 32 tokens, median of 5", asked[2]);
            assertThat(started).isLessThan(START);
        } finally {
            explorer.destroy();
            explorer.waitFor(60, TimeUnit.SECONDS);
        }
        begun = System.nanoTime();
        Process profile =
                start("profile", "--tokens", "32", "--format", "json", "Once upon a time");
        profile.getInputStream().readAllBytes();
        assertThat(profile.waitFor()).isZero();
        print("profile of 32 tokens, on the command line", since(begun));
    }

    private static double ask(HttpClient client, String address)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + "api/v1/profile"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"prompt\": \"Once upon a time\", \"tokens\": 32}"))
                        .build();
        long begun = System.nanoTime();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return since(begun);
    }
}
