package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    @TempDir static Path folder;

    private static Path run;

    @BeforeAll
    static void aRun() {
        run = folder.resolve("a run; no").resolveSibling("a run");
        try (Store store = Store.open(run, Samples.MANIFEST, Samples.ASKED, false)) {
            store.commit("one", Samples.unit("a", "t1", "t2"));
        }
    }

    @Test
    void rowsComeWithNamesAndTypes() {
        String sql =
                "SELECT layer, avg(entropy)::FLOAT AS h, count(*) AS n FROM profiles GROUP BY layer ORDER BY layer";
        try (Query query = Query.run(run, sql)) {
            assertThat(query.columns())
                    .containsExactly(
                            new Query.Column("layer", "INTEGER"),
                            new Query.Column("h", "FLOAT"),
                            new Query.Column("n", "BIGINT"));
            assertThat(query.columns()).allMatch(Query.Column::numeric);
            for (int layer = 1; layer <= 3; layer++) {
                List<Object> row = query.next();
                assertThat(row).hasSize(3).startsWith(layer).endsWith(4L);
            }
            assertThat(query.next()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; SELECT 2",
                "SELECT 1;SELECT 2;",
                "SELECT 1;; /* a */ -- b\n SELECT 2",
                "SELECT ';' ; SELECT 2",
                "SELECT 'it''s' AS \"a;\"\"b\"; SELECT 2",
                "SELECT E'it\\'s;'; SELECT 2",
                "SELECT $$;$$; SELECT 2",
                "SELECT $a$;$$;$a$; SELECT 2",
                "/* ; /* ; */ ; */ SELECT 1; SELECT 2",
                "SELECT 1 -- ; no end\n; SELECT 2",
                "; SELECT 1; SELECT 2"
            })
    void severalStatementsAreRefused(String sql) {
        assertThatThrownBy(() -> Query.run(run, sql).close())
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("SQL: several statements are given")
                .hasMessageContaining("ask the second by itself: SELECT 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1;",
                "SELECT 1 ; ; -- SELECT 2;",
                "SELECT 1; /* SELECT 2; /* nested */ */",
                "-- a;\nSELECT 1",
                "/* a; */ SELECT 1",
                "SELECT 1 WHERE ';' <> 'a;b'",
                "SELECT 1 WHERE 'it''s; x' <> ''",
                "SELECT 1 WHERE E'it\\'s; x' <> ''",
                "SELECT \"a;b\" FROM (SELECT 1 AS \"a;b\")",
                "SELECT 1 WHERE $$;$$ <> $a$; $$ ;$a$",
                "SELECT 1 WHERE '--' <> ';'",
                "SELECT 1 WHERE '/*' <> ';*/'",
                "SELECT 1 - -0;"
            })
    void oneStatementIsAnsweredWhateverHoldsASemicolon(String sql) {
        try (Query query = Query.run(run, sql)) {
            assertThat(query.next()).containsExactly(1);
            assertThat(query.next()).isNull();
        }
    }

    @Test
    void valuesArePlain() {
        String sql =
                "SELECT 1, 1.5, 'x', NULL, true, [1, NULL], {'a': [2]}, DATE '2024-02-29', to_json([1]), MAP {'k': 1}, 170141183460469231731687303715884105727::HUGEINT";
        try (Query query = Query.run(run.resolve("run.duckdb"), sql)) {
            assertThat(query.next())
                    .containsExactly(
                            1,
                            new java.math.BigDecimal("1.5"),
                            "x",
                            null,
                            true,
                            Arrays.asList(1, null),
                            Map.of("a", List.of(2)),
                            "2024-02-29",
                            "[1]",
                            Map.of("k", 1),
                            new java.math.BigInteger("170141183460469231731687303715884105727"));
        }
    }

    @Test
    void rowsStream() {
        try (Query query = Query.run(run, "SELECT i FROM range(1000000000000) r(i)")) {
            assertThat(query.next()).containsExactly(0L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_text('/etc/hostname')",
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM glob('/*')",
                "COPY texts TO 'OUT'",
                "COPY (SELECT 1) TO 'OUT' (FORMAT parquet)",
                "EXPORT DATABASE 'OUT'",
                "ATTACH 'OUT'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET enable_external_access = true",
                "SET memory_limit = '100GB'",
                "CREATE TABLE more (i INTEGER)",
                "DELETE FROM texts",
                "UPDATE texts SET label = 'x'",
                "DROP TABLE texts",
                "SELECT 1; DELETE FROM texts",
                "INSERT INTO units VALUES ('x', now())"
            })
    void sqlReachesNothingButTheRun(String sql) {
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> Query.run(run, sql.replace("OUT", out.toString())).close())
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("SQL: ");
        assertThat(Files.exists(out)).isFalse();
        try (Query query = Query.run(run, "SELECT count(*) FROM texts")) {
            assertThat(query.next()).containsExactly(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-- nothing",
                "SELEC 1",
                "SELECT nothing FROM texts",
                "SELECT 1/'x'::INT",
                "(",
                "\0",
                "SELECT '",
                "SELECT $1"
            })
    void wrongSqlIsOneLine(String sql) {
        assertThatThrownBy(
                        () -> {
                            try (Query query = Query.run(run, sql)) {
                                query.next();
                            }
                        })
                .isInstanceOf(DataException.class)
                .message()
                .startsWith("SQL: ")
                .hasLineCount(1);
    }

    @Test
    void aMisspeltColumnIsSuggested() {
        assertThatThrownBy(() -> Query.run(run, "SELECT entrpy FROM profiles").close())
                .hasMessageContaining("entropy");
    }

    @Test
    void whereThereIsNoRunItSaysSo() {
        assertThatThrownBy(() -> Query.run(folder.resolve("none"), "SELECT 1"))
                .hasMessageContaining("there is no such run");
        assertThatThrownBy(() -> Query.run(folder, "SELECT 1"))
                .hasMessageContaining("holds no results (run.duckdb)");
        assertThatThrownBy(() -> Query.run(Path.of("pom.xml"), "SELECT 1"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("pom.xml: cannot be read");
    }
}
