package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The tables of a run, column by column. docs/results.md shows them to users and is written from
/// here.
final class Schema {
    /// Changes when a table here does in a way that a reader must know of.
    static final int VERSION = 5;

    private static final Column RUN =
            new Column("run", "VARCHAR NOT NULL", "the run: begins the hash of its identity");
    private static final Column STUDY = new Column("study", "VARCHAR NOT NULL", "the study");
    private static final Column MODEL =
            new Column("model", "VARCHAR NOT NULL", "the model's name; its row is in `runs`");
    private static final Column CONDITION =
            new Column(
                    "condition",
                    "VARCHAR NOT NULL",
                    "how the skipped blocks were chosen; `none` where none are skipped");
    private static final Column PART =
            new Column(
                    "part", "VARCHAR", "what of a block is skipped: `block`, `attention`, `mlp`");
    private static final Column K = new Column("k", "INTEGER", "number of blocks skipped");
    private static final Column DRAW =
            new Column("draw", "INTEGER", "which of several random choices");

    private Schema() {}

    /// @param type DuckDB's, with `NOT NULL` where that holds
    /// @param meaning half a sentence, for docs/results.md
    record Column(String name, String type, String meaning) {}

    /// @param meaning what a row is
    record Table(String name, String meaning, List<Column> columns) {
        String ddl() {
            return "CREATE TABLE %s (%s)"
                    .formatted(
                            name,
                            columns.stream()
                                    .map(column -> column.name() + " " + column.type())
                                    .collect(Collectors.joining(", ")));
        }
    }

    static final Table UNITS =
            new Table(
                    "units",
                    "A unit of work that is done: all its rows are here",
                    List.of(
                            new Column("name", "VARCHAR PRIMARY KEY", "the unit"),
                            new Column("finished", "TIMESTAMP NOT NULL", "when, in UTC")));

    static final Table RUNS =
            new Table(
                    "runs",
                    "A model of the run",
                    List.of(
                            RUN,
                            MODEL,
                            new Column("family", "VARCHAR NOT NULL", "the family that reads it"),
                            new Column("blocks", "INTEGER NOT NULL", "number of blocks, L"),
                            new Column("vocabulary", "INTEGER NOT NULL", "d_vocab"),
                            new Column("parameters", "BIGINT NOT NULL", "number of weights"),
                            new Column(
                                    "untrained_seed",
                                    "BIGINT",
                                    "seed of its random weights; null for a trained model"),
                            new Column(
                                    "schema_version",
                                    "INTEGER NOT NULL",
                                    "version of these tables"),
                            new Column("manifest", "JSON NOT NULL", "manifest.json")));

    static final Table TEXTS =
            new Table(
                    "texts",
                    "A text that was measured; `study`, `model`, `text_id` name it",
                    List.of(
                            RUN,
                            STUDY,
                            MODEL,
                            new Column("text_id", "VARCHAR NOT NULL", "names it in the study"),
                            new Column(
                                    "group_id",
                                    "VARCHAR",
                                    "what it shares with others: story, topic, question"),
                            new Column("label", "VARCHAR", "the class it belongs to"),
                            new Column("variant", "VARCHAR", "which variant of its prompt"),
                            new Column("wording", "VARCHAR", "which wording of its instruction"),
                            new Column(
                                    "prompt",
                                    "VARCHAR",
                                    "the prompt; of a conversation its messages, as JSON"),
                            new Column("prompt_ids", "INTEGER[] NOT NULL", "its tokens"),
                            new Column("generated_ids", "INTEGER[] NOT NULL", "tokens generated"),
                            new Column(
                                    "generated_text", "VARCHAR", "those decoded, for display only"),
                            new Column("seed", "BIGINT", "of its sampling; null where greedy"),
                            new Column(
                                    "chat_template",
                                    "VARCHAR",
                                    "SHA-256 of the chat template that wrote the prompt; null where it was given as it is"),
                            new Column(
                                    "system_prompt",
                                    "VARCHAR",
                                    "what the system says before the prompt, if anything"),
                            new Column(
                                    "chat_prompt",
                                    "VARCHAR",
                                    "what the template made of both: its tokens are `prompt_ids`")));

    static final Table ANSWERS =
            new Table(
                    "answers",
                    "A multiple-choice question that was answered",
                    List.of(
                            RUN,
                            STUDY,
                            MODEL,
                            new Column("question_id", "VARCHAR NOT NULL", "the question"),
                            new Column("subject", "VARCHAR", "its subject"),
                            CONDITION,
                            PART,
                            K,
                            DRAW,
                            new Column("skipped", "INTEGER[] NOT NULL", "the blocks, from 1"),
                            new Column("logits", "DOUBLE[] NOT NULL", "of the options, in order"),
                            new Column("predicted", "INTEGER NOT NULL", "the option, from 0"),
                            new Column("answer", "INTEGER NOT NULL", "the right option, from 0"),
                            new Column(
                                    "correct", "BOOLEAN NOT NULL", "whether they are the same one"),
                            new Column(
                                    "margin",
                                    "DOUBLE",
                                    "logit of the right option minus the largest other one")));

    static final Table LOSSES =
            new Table(
                    "losses",
                    "How well a text was predicted",
                    List.of(
                            RUN,
                            STUDY,
                            MODEL,
                            CONDITION,
                            PART,
                            K,
                            DRAW,
                            new Column("text_id", "VARCHAR NOT NULL", "the text"),
                            new Column("nats", "DOUBLE NOT NULL", "sum of −ln p over its tokens"),
                            new Column("tokens", "INTEGER NOT NULL", "number of them")));

    static final Table MOVES =
            new Table(
                    "moves",
                    "How a block changed the top-0.6 set of one token, as an example",
                    List.of(
                            RUN,
                            STUDY,
                            MODEL,
                            new Column("text_id", "VARCHAR NOT NULL", "the text"),
                            new Column(
                                    "token",
                                    "INTEGER NOT NULL",
                                    "row of the text's profile, from 1"),
                            new Column("layer", "INTEGER NOT NULL", "2 to L"),
                            new Column("change", "DOUBLE NOT NULL", "of the entropy, nats"),
                            new Column(
                                    "enter",
                                    "JSON NOT NULL",
                                    "list of the likeliest tokens that are new in the set"),
                            new Column("entering", "INTEGER NOT NULL", "how many are"),
                            new Column(
                                    "leave",
                                    "JSON NOT NULL",
                                    "list of the tokens that left it, once likeliest first"),
                            new Column("leaving", "INTEGER NOT NULL", "how many did")));

    static final Table BLOCKS =
            new Table(
                    "blocks",
                    "What a block does to the residual stream of a text, means over its positions",
                    List.of(
                            RUN,
                            STUDY,
                            MODEL,
                            new Column("text_id", "VARCHAR NOT NULL", "the text"),
                            new Column("block", "INTEGER NOT NULL", "from 1"),
                            new Column(
                                    "input_norm",
                                    "DOUBLE NOT NULL",
                                    "Euclidean norm of the stream before the block"),
                            new Column(
                                    "update_norm",
                                    "DOUBLE NOT NULL",
                                    "Euclidean norm of what the block adds to it"),
                            new Column(
                                    "cosine",
                                    "DOUBLE NOT NULL",
                                    "of the stream before and after the block")));

    static final Table INPUTS =
            new Table(
                    "inputs",
                    "A row of the files that a batch was given; `input_id` is `group_id` in `texts`",
                    List.of(
                            RUN,
                            new Column("input_id", "VARCHAR NOT NULL", "its number, from 1"),
                            new Column("source_file", "VARCHAR NOT NULL", "the file"),
                            new Column("source_place", "VARCHAR NOT NULL", "where in it"),
                            new Column(
                                    "columns",
                                    "JSON NOT NULL",
                                    "all its values; in inputs.parquet each is a column")));

    static final Table PROBLEMS =
            new Table(
                    "problems",
                    "A row of those files that a model could not measure",
                    List.of(
                            RUN,
                            MODEL,
                            new Column("input_id", "VARCHAR NOT NULL", "the row"),
                            new Column("reason", "VARCHAR NOT NULL", "in words")));

    /// The table whose columns depend on what was asked for.
    static Table profiles(ReadoutRequest asked) {
        List<Column> columns = new ArrayList<>();
        columns.add(RUN);
        columns.add(STUDY);
        columns.add(MODEL);
        columns.add(new Column("text_id", "VARCHAR NOT NULL", "the text; its row is in `texts`"));
        columns.add(new Column("token", "INTEGER NOT NULL", "row of the text's profile, from 1"));
        columns.add(
                new Column(
                        "position",
                        "INTEGER NOT NULL",
                        "position in the text, prompt included, from 0"));
        columns.add(
                new Column(
                        "point",
                        "VARCHAR NOT NULL",
                        "where in the block was read: `resid_post`, the stream after it, unless `--at` says otherwise"));
        columns.add(
                new Column(
                        "lens",
                        "VARCHAR NOT NULL",
                        "through what it was looked at: `logit`, or the kind of the lens that `--lens` names; of studies, its name in the report"));
        columns.add(
                new Column("layer", "INTEGER NOT NULL", "1 to L; 0 is the embedding, if asked"));
        columns.addAll(measured(asked));
        return new Table("profiles", "The readout of one token at one point of one layer", columns);
    }

    /// The columns of what is measured.
    private static List<Column> measured(ReadoutRequest asked) {
        List<Column> columns = new ArrayList<>();
        for (Statistic statistic : asked.statistics()) {
            String unit = statistic.unit().equals("nats") ? ", in nats" : "";
            columns.add(
                    new Column(
                            statistic.column(),
                            // 24 bits are more than the readout is right to (see the numerics
                            // page), and half the room
                            statistic.isCount() ? "INTEGER" : "FLOAT",
                            statistic.meaning() + unit));
        }
        if (asked.topK() > 0) {
            columns.add(
                    new Column(
                            "top_ids",
                            "INTEGER[]",
                            "the most probable tokens, most probable first"));
            columns.add(new Column("top_probabilities", "FLOAT[]", "their probabilities"));
        }
        return columns;
    }

    static List<Table> tables(ReadoutRequest asked) {
        return List.of(
                UNITS,
                RUNS,
                TEXTS,
                profiles(asked),
                ANSWERS,
                LOSSES,
                MOVES,
                BLOCKS,
                INPUTS,
                PROBLEMS);
    }
}
