package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One command line, run in this process, and what came of it.
record Cli(int code, String out, String err) {
    static Cli run(String... args) {
        return run(System.getenv(), args);
    }

    static Cli run(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), environment, args);
        return new Cli(code, out.toString(), err.toString());
    }

    /// `profile` of a model, with the further options in one string, separated by spaces.
    static Cli profile(Path model, String options, String... more) {
        List<String> args = new ArrayList<>(List.of("profile", "--model", model.toString()));
        args.addAll(List.of(options.strip().split(" +")));
        args.addAll(List.of(more));
        args.removeIf(String::isEmpty);
        return run(args.toArray(String[]::new));
    }

    /// The JSON of a run that must succeed.
    static JsonNode json(Path model, String options, String... more) {
        return profile(model, "--format json " + options, more).succeeded().json();
    }

    Cli succeeded() {
        assertThat(err).isEmpty();
        assertThat(code).isZero();
        return this;
    }

    Cli failed(int expected) {
        assertThat(code).as(err).isEqualTo(expected);
        return this;
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }

    static int[] ints(JsonNode list) {
        return list.values().stream().mapToInt(JsonNode::asInt).toArray();
    }

    static double[] doubles(JsonNode list) {
        return list.values().stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    static double[][] table(JsonNode rows) {
        return rows.values().stream().map(Cli::doubles).toArray(double[][]::new);
    }
}
