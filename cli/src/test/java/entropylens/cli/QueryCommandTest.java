package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.data.LossRow;
import entropylens.data.Manifest;
import entropylens.data.Store;
import entropylens.data.UnitRows;
import entropylens.lens.ReadoutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class QueryCommandTest {
    private static final String ALL =
            "SELECT text_id, nats, k, [tokens] AS list FROM losses ORDER BY nats";

    @TempDir static Path folder;

    private static Path run;

    @BeforeAll
    static void aRun() {
        run = folder.resolve("run");
        Manifest manifest = Manifest.of(Map.of("seed", 1), Map.of());
        ReadoutRequest columns = ReadoutRequest.ENTROPY;
        try (Store store = Store.open(run, manifest, columns, false)) {
            UnitRows rows = new UnitRows();
            rows.add(loss("a, \"b\"", 1.5, 10)).add(loss("naïve\n\u001b[2J日本", 12.25, null));
            store.commit("one", rows);
        }
    }

    private static LossRow loss(String text, double nats, Integer k) {
        return new LossRow("skip", "m", "none", null, k, null, text, nats, 9);
    }

    private static Cli query(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "query";
        all[1] = "--run";
        all[2] = run.toString();
        System.arraycopy(args, 0, all, 3, args.length);
        return Cli.run(all);
    }

    @Test
    void aTableHasNumbersToTheRight() {
        assertThat(query(ALL).succeeded().out().lines())
                .containsExactly(
                        "text_id          nats   k  list",
                        "a, \"b\"            1.5  10  [9]",
                        "naïve⏎·[2J日本  12.25      [9]");
    }

    @Test
    void csvIsQuotedWhereItMustBe() {
        assertThat(query(ALL, "--format", "csv").succeeded().out())
                .isEqualTo(
                        "text_id,nats,k,list\r\n\"a, \"\"b\"\"\",1.5,10,[9]\r\n\"naïve\n\u001b[2J日本\",12.25,,[9]\r\n");
    }

    @Test
    void jsonHasColumnsTypesAndRows() {
        JsonNode json = query(ALL, "--format", "json").succeeded().json();
        assertThat(json.path("columns").toString())
                .isEqualTo("[\"text_id\",\"nats\",\"k\",\"list\"]");
        assertThat(json.path("types").toString())
                .isEqualTo("[\"VARCHAR\",\"DOUBLE\",\"INTEGER\",\"INTEGER[]\"]");
        assertThat(json.path("rows").size()).isEqualTo(2);
        assertThat(json.path("rows").path(0).toString()).isEqualTo("[\"a, \\\"b\\\"\",1.5,10,[9]]");
        assertThat(json.path("rows").path(1).path(2).isNull()).isTrue();
        JsonNode none = query("SELECT 1 WHERE false", "--format", "json").succeeded().json();
        assertThat(none.path("rows").size()).isZero();
        JsonNode nan = query("SELECT 'nan'::DOUBLE, ['inf'::FLOAT]", "--format", "json").json();
        assertThat(nan.path("rows").toString()).isEqualTo("[[null,[null]]]");
    }

    @Test
    void aResultGoesToAFile() throws IOException {
        Path file = folder.resolve("out.csv");
        Cli first = query("SELECT 1 AS one", "--format", "csv", "-o", file.toString());
        assertThat(first.succeeded().out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo("one\r\n1\r\n");
        Cli again = query("SELECT 2 AS one", "--format", "csv", "-o", file.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("exists already; --force overwrites it");
        query("SELEC", "-o", folder.resolve("none").toString());
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aFailureIsOneLine() {
        for (String sql :
                new String[] {
                    "SELECT nats FROM lossess", "DELETE FROM losses", "SELECT * FROM '/etc/passwd'"
                }) {
            Cli wrong = query(sql);
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.out()).isEmpty();
            assertThat(wrong.err().lines()).hasSize(1);
            assertThat(wrong.err()).startsWith("entropy-lens: SQL: ");
        }
        Cli nowhere = Cli.run("query", "SELECT 1", "--run", folder.resolve("none").toString());
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("there is no such run; give the directory of one");
        assertThat(Cli.run("query").code()).isEqualTo(2);
        assertThat(query(" ").code()).isEqualTo(2);
        assertThat(query("SELECT 1", "--format", "xml").code()).isEqualTo(2);
    }
}
