package entropylens.cli;

import entropylens.data.Query;
import entropylens.result.QueryCsv;
import entropylens.result.QueryJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `entropy-lens query`: SQL about the results of a run.
@Command(
        name = "query",
        description = {
            "Answers a question in SQL (DuckDB's) about the results of a run.",
            "",
            "Tables: runs, texts, profiles, inputs, problems, answers, losses, moves, blocks, units; DESCRIBE profiles lists the columns of one. It reads that run and nothing else, and changes nothing.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  entropy-lens query --run results \"SELECT layer, avg(entropy) FROM profiles GROUP BY layer ORDER BY layer\"",
            "  entropy-lens query --run results \"SELECT model, condition, avg(correct::INT) FROM answers GROUP BY ALL\" --format csv -o accuracy.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class QueryCommand implements Runnable {
    /// How the rows are written.
    enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Spec CommandSpec spec;

    @Parameters(paramLabel = "SQL", description = "The question, one statement, in quotes.")
    String sql;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The directory of the run (default: the current one).")
    Path run;

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "table",
            description = "table, csv or json (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the rows to a file instead of standard output.")
    @Nullable Path output;

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    @Override
    public void run() {
        if (sql.isBlank()) {
            throw new ParameterException(spec.commandLine(), "the SQL is empty");
        }
        if (output == null) {
            try (Query query = Query.run(run, sql)) {
                PrintWriter out = spec.commandLine().getOut();
                print(query, out, Style.ofTerminal());
                out.flush();
            }
            return;
        }
        OutputFile file = new OutputFile("-o", output, force);
        file.requireWritable();
        try (Query query = Query.run(run, sql)) {
            file.writeText(writer -> print(query, writer, Style.PLAIN));
        }
    }

    private void print(Query query, PrintWriter out, Style style) {
        switch (format) {
            case TABLE -> QueryTable.print(query, out, style);
            case CSV -> QueryCsv.print(query, out);
            case JSON -> QueryJson.print(query, out);
        }
    }
}
