package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of prompts and of conversations to an instruct model.
class BatchChatTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final String IDS = "SELECT array_to_string(prompt_ids, ' ') FROM texts";
    private static final String ROWS =
            """
            {"messages": [{"role": "user", "content": "hello"}]}
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]}
            """;

    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void model() {
        model = TestModel.withChat(folder);
    }

    private Cli batch(Path prompts, Path run, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "batch",
                                "--model",
                                model.toString(),
                                "--prompts",
                                prompts.toString(),
                                "--tokens",
                                "1",
                                "-o",
                                run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<String> rows(Path run, String sql) {
        Cli query = Cli.run("query", "--run", run.toString(), "--format", "csv", sql);
        assertThat(query.code()).isZero();
        return query.out().lines().skip(1).sorted().toList();
    }

    private static String ids(String text) {
        return Arrays.stream(TestModel.begun(TestModel.SPELLED, text))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    @Test
    void everyPromptIsAUsersMessageWithoutASecondBeginToken() throws IOException {
        Path run = folder.resolve("run");
        Path prompts = file("p.txt", "hello\n\nthere\n");
        batch(prompts, run, "--chat", "--system", "be brief").succeeded();
        assertThat(rows(run, IDS))
                .containsExactlyInAnyOrder(
                        ids("system be brief\nuser hello\nmodel "),
                        ids("system be brief\nuser there\nmodel "));
        JsonNode alone =
                Cli.profile(model, "--tokens 1 --format json --chat --system", "be brief", "hello")
                        .succeeded()
                        .json();
        String sha = alone.required("chat").required("template_sha256").asString();
        assertThat(
                        rows(
                                run,
                                "SELECT prompt, chat_template, system_prompt, replace(chat_prompt, chr(10), '/') FROM texts"))
                .contains("hello," + sha + ",be brief,<|end|>system be brief/user hello/model ");
        JsonNode manifest =
                JsonMapper.shared().readTree(Files.readString(run.resolve("manifest.json")));
        assertThat(manifest.at("/identity/chat/system").asString()).isEqualTo("be brief");
        assertThat(manifest.findValue("chat_template_sha256").asString()).isEqualTo(sha);
        assertThat(manifest.findValue("chat_templates").toString()).contains("chat_template.jinja");
    }

    @Test
    void withoutATemplateTheRunSaysSo() throws IOException {
        Path run = folder.resolve("run");
        batch(file("p.txt", "hello\n"), run).succeeded();
        assertThat(rows(run, "SELECT chat_template IS NULL, chat_prompt IS NULL FROM texts"))
                .containsExactly("true,true");
        assertThat(Files.readString(run.resolve("manifest.json"))).doesNotContain("chat_");
    }

    @Test
    void conversationsAreFoundInEveryKindOfFile() throws IOException, SQLException {
        Path csv =
                file(
                        "c.csv",
                        ROWS.lines()
                                .map(row ->
                                        row.substring("{\"messages\": ".length(), row.length() - 1))
                                .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                                .collect(Collectors.joining("\n", "messages\n", "\n")));
        Path lines = file("c.jsonl", ROWS);
        Path list = file("c.json", "[" + ROWS.strip().replace("\n", ",") + "]");
        Path parquet = folder.resolve("c.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    "COPY (SELECT * FROM read_json('%s')) TO '%s'".formatted(lines, parquet));
        }
        for (Path file : List.of(csv, lines, list, parquet)) {
            Path run = folder.resolve(file.getFileName() + "-run");
            batch(file, run, "--chat").succeeded();
            assertThat(rows(run, IDS))
                    .as("%s", file)
                    .containsExactlyInAnyOrder(
                            ids("user hello\nmodel "), ids("user a\nassistant b\nuser c\nmodel "));
        }
    }

    @Test
    void aColumnOfConversationsCanBeNamedAndImpliesChat() throws IOException {
        Path run = folder.resolve("run");
        Path named =
                file(
                        "c.jsonl",
                        ROWS.replace("messages", "talk")
                                .replace("{\"talk", "{\"prompt\": \"x\", \"talk"));
        batch(named, run, "--messages-column", "talk").succeeded();
        assertThat(rows(run, IDS)).hasSize(2).contains(ids("user hello\nmodel "));
    }

    @Test
    void conversationsThatCannotBeWrittenAreNotedWithTheirPlace() throws IOException {
        TestModel.edit(
                model.resolve("chat_template.jinja"),
                "<|end|>",
                "<|end|>{% if messages[0].role == 'system' %}{{ raise_exception('No system role') }}{% endif %}");
        Path prompts =
                file(
                        "c.jsonl",
                        """
                        {"messages": [{"role": "user", "content": "hello"}]}
                        {"messages": []}
                        {"messages": "[{\\"role\\": \\"user\\""}
                        {"messages": [{"content": "hello"}]}
                        {"messages": 7}
                        {"other": 7}
                        {"messages": [{"role": "system", "content": "be brief"}]}
                        {"messages": [{"role": "user", "content": "\\ud800"}]}
                        """);
        Path run = folder.resolve("run");
        assertThat(batch(prompts, run, "--chat").succeeded().out())
                .contains("8 prompts; 1 texts measured now; 7 prompts could not be measured");
        assertThat(rows(run, "SELECT input_id, reason FROM problems"))
                .satisfiesExactly(
                        row ->
                                assertThat(row)
                                        .contains("c.jsonl: line 2")
                                        .contains("has no messages"),
                        row -> assertThat(row).contains("c.jsonl: line 3").contains("is no JSON"),
                        row ->
                                assertThat(row)
                                        .contains("c.jsonl: line 4, column 'messages'")
                                        .contains("message 1 must be an object with a 'role'"),
                        row ->
                                assertThat(row)
                                        .contains("line 5")
                                        .contains("must hold a list of messages"),
                        row -> assertThat(row).contains("line 6").contains("no column 'messages'"),
                        row ->
                                assertThat(row)
                                        .contains("c.jsonl: line 7")
                                        .contains("the template says: No system role"),
                        row -> assertThat(row).contains("line 8").contains("half a character"));
        Cli strict = batch(prompts, folder.resolve("strict"), "--chat", "--strict");
        assertThat(strict.code()).isEqualTo(FAILED);
        assertThat(strict.err()).contains("line 2").contains("without --strict");
    }

    /// A template would print nothing in its place.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"role": "user"}                                   | message 2 has no 'content'
                    {"role": "user", "content": null, "name": "a"}     | message 2 has no 'content'
                    {"role": "assistant", "content": null}             | message 2 has no 'content'
                    {"role": "user", "content": 7}                     | message 2 must have text or a list of parts
                    {"role": "assistant", "tool_calls": []}            |
                    {"role": "user", "content": ""}                    |
                    """)
    void aMessageThatSaysNothingIsNoted(String message, String reason) throws IOException {
        Path run = folder.resolve("run");
        Path file =
                file(
                        "c.jsonl",
                        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, %s]}\n"
                                .formatted(message));
        batch(file, run, "--chat").succeeded();
        if (reason == null) {
            assertThat(rows(run, "SELECT count(*) FROM texts")).containsExactly("1");
        } else {
            assertThat(rows(run, "SELECT reason FROM problems"))
                    .singleElement()
                    .asString()
                    .contains("c.jsonl: line 1, column 'messages': " + reason);
        }
    }

    @Test
    void anAnswerFollowsWhatTheTemplateMade() throws IOException {
        Path run = folder.resolve("run");
        Path scored = file("c.csv", "q,a\nhello,yes\n");
        Cli.run(
                        "batch",
                        "--model",
                        model.toString(),
                        "--prompts",
                        scored.toString(),
                        "--prompt-column",
                        "q",
                        "--answer-column",
                        "a",
                        "--chat",
                        "-o",
                        run.toString())
                .succeeded();
        assertThat(rows(run, "SELECT array_to_string(prompt_ids || generated_ids, ' ') FROM texts"))
                .containsExactly(ids("user hello\nmodel yes"));
        assertThat(rows(run, "SELECT min(position) FROM profiles"))
                .containsExactly(String.valueOf("<user hello\nmodel ".length() - 1));
    }

    @Test
    void aRunGoesOnOnlyWithTheSameTemplateSystemAndDay() throws IOException {
        Path prompts = file("p.txt", "hello\n");
        Path run = folder.resolve("run");
        batch(prompts, run, "--chat", "--system", "a").succeeded();
        assertThat(batch(prompts, run, "--chat", "--system", "a", "--resume").succeeded().out())
                .contains("everything was measured before");
        assertThat(batch(prompts, run, "--chat", "--system", "b", "--resume").err())
                .contains("chat.system is \"a\" there, but \"b\" here");
        assertThat(batch(prompts, run, "--resume").err())
                .contains("chat is {")
                .contains("absent here");
        TestModel.edit(model.resolve("chat_template.jinja"), "model ", "bot ");
        assertThat(batch(prompts, run, "--chat", "--system", "a", "--resume").err())
                .contains("chat_template_sha256 is");
        TestModel.edit(
                model.resolve("chat_template.jinja"), "bot ", "{{ strftime_now('%B') | lower }}");
        Path dated = folder.resolve("dated");
        batch(prompts, dated, "--chat", "--today", "2026-05-02").succeeded();
        assertThat(rows(dated, IDS)).containsExactly(ids("user hello\nmay"));
        assertThat(batch(prompts, dated, "--chat", "--today", "2026-05-03", "--resume").err())
                .contains("chat_today is \"2026-05-02\" there, but \"2026-05-03\" here");
    }

    @Test
    void aModelWithoutATemplateIsRefusedBeforeAnythingStarts() throws IOException {
        Path run = folder.resolve("run");
        Files.delete(model.resolve("chat_template.jinja"));
        Cli cli = batch(file("p.txt", "hello\n"), run, "--chat");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err())
                .contains(model.getFileName() + ": has no chat template")
                .contains("chat_template.jinja")
                .hasLineCount(1);
        assertThat(run).doesNotExist();
    }

    @Test
    void theFirstPromptThatCanBeWrittenIsShown() throws IOException {
        Path prompts = file("c.jsonl", "{\"messages\": 7}\n" + ROWS);
        Cli cli = batch(prompts, folder.resolve("run"), "--chat", "--show-prompt");
        assertThat(cli.code()).isZero();
        assertThat(cli.err().lines()).containsExactly("<|end|>user hello", "model ");
        assertThat(cli.out()).contains("3 prompts; 2 texts measured now");
    }

    /// What is asked is not guessed.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"messages": [], "prompt": "x"} | --chat            | has the columns 'messages' and 'prompt'; say which is meant
                    {"messages": [], "id": 3}       |                   | holds conversations, which a model's chat template writes; add --chat
                    {"messages": []}                | --chat --system x | have the system's messages in them; leave out --system
                    """)
    void aFileWhosePromptsCannotBeToldIsRefusedBeforeAnythingStarts(
            String row, String options, String reason) throws IOException {
        Path run = folder.resolve("run");
        String[] more = options == null ? new String[0] : options.split(" ");
        Cli cli = batch(file("c.jsonl", row + "\n"), run, more);
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("c.jsonl: ").contains(reason).hasLineCount(1);
        assertThat(run).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--system x; --system is for --chat",
                "--today 2026-05-02; --today is for --chat",
                "--show-prompt; --show-prompt shows what --chat or --messages-column makes",
                "--messages-column m --prompt-column p; choose one",
                "--messages-column m --system x; leave out --system",
            })
    void optionsThatDoNotGoTogetherAreRefused(String options, String reason) throws IOException {
        Cli cli = batch(file("p.txt", "hello\n"), folder.resolve("run"), options.split(" "));
        assertThat(cli.code()).isEqualTo(WRONG);
        assertThat(cli.err()).contains(reason);
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
