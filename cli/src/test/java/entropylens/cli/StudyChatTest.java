package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Studies that ask instruct models in their own chat templates.
class StudyChatTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final Path SMALL = Path.of("../zoo/models/tinytown-llama-4");
    private static final String TEMPLATE =
            "{{ bos_token }}{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}a:\n{% endif %}";

    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void modelWithTemplate() throws IOException {
        model = copy("asked");
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(SMALL)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private Cli study(String studies, Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("study"));
        args.addAll(List.of(studies.split(" ")));
        args.addAll(
                List.of(
                        "--preset",
                        "quick",
                        "--tokens",
                        "4",
                        "--model",
                        model.toString(),
                        "-o",
                        run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private static List<String> rows(Path run, String sql) {
        Cli query = Cli.run("query", "--run", run.toString(), "--format", "csv", sql);
        assertThat(query.code()).isZero();
        return query.out().lines().skip(1).sorted().toList();
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void requestsForFormatsAreUsersMessages() throws IOException {
        Path run = folder.resolve("run");
        study("formats", run, "--samples", "4", "--chat", "--system", "be brief").succeeded();
        assertThat(
                        rows(
                                run,
                                "SELECT DISTINCT chat_prompt = '<|bos|>s: be brief' || chr(10) || 'u: ' || prompt || chr(10) || 'a:' || chr(10), system_prompt, len(chat_template), len(list_filter(prompt_ids, lambda i: i = prompt_ids[1])) FROM texts"))
                .containsExactly("true,be brief,64,1");
        assertThat(rows(run, "SELECT DISTINCT model FROM texts WHERE chat_template IS NOT NULL"))
                .containsExactly("asked", "asked (untrained)");
        JsonNode report = json(run.resolve("report.json"));
        assertThat(report.required("facts").toString())
                .contains("\"system prompt\":\"be brief\"")
                .contains("\"chat template of asked\":\"chat_template.jinja\"")
                .contains("chat_template_sha256=");
        assertThat(report.required("sections").get(0).required("protocol").toString())
                .contains(
                        "Prompts are plain text, each of them a user's message that the model's own chat template writes, special tokens included after the system's message “be brief”.")
                .doesNotContain("no chat template is applied");
    }

    @Test
    void aRunGoesOnOnlyWithTheSameTemplateAndSystem() throws IOException {
        Path run = folder.resolve("run");
        study("formats", run, "--samples", "3", "--chat").succeeded();
        study("formats", run, "--samples", "3", "--chat", "--resume").succeeded();
        assertThat(
                        study(
                                        "formats",
                                        run,
                                        "--samples",
                                        "3",
                                        "--chat",
                                        "--system",
                                        "a",
                                        "--resume")
                                .err())
                .contains("chat.system is null there, but \"a\" here");
        assertThat(study("formats", run, "--samples", "3", "--resume").err())
                .contains("chat is {\"system\":null} there, but absent here");
        TestModel.edit(model.resolve("chat_template.jinja"), "a:", "b:");
        Cli other = study("formats", run, "--samples", "3", "--chat", "--resume");
        assertThat(other.code()).isEqualTo(FAILED);
        assertThat(other.err()).contains("models.asked.chat_template_sha256 is");
    }

    @Test
    void storiesAndQuestionsAreAskedInChatAndTextsAreReadAsTheyAre() throws IOException {
        StringBuilder questions = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            questions.append(
                    "{\"question\": \"What is %d?\", \"choices\": [\"a\", \"b\", \"c\", \"d\"], \"answer\": %d}\n"
                            .formatted(i, i % 4));
        }
        Path file = Files.writeString(folder.resolve("q.jsonl"), questions);
        Path run = folder.resolve("run");
        study(
                        "tasks skip correctness",
                        run,
                        "--samples",
                        "2",
                        "--questions",
                        file.toString(),
                        "--chat")
                .succeeded();
        assertThat(
                        rows(
                                run,
                                "SELECT study, count(*), count(chat_template), count(*) FILTER (chat_prompt LIKE '<|bos|>u: %') FROM texts WHERE model = 'asked' GROUP BY study"))
                .satisfiesExactly(
                        row -> assertThat(row).isEqualTo("correctness,2,2,2"),
                        row -> assertThat(row).matches("skip,\\d+,0,0"),
                        row -> assertThat(row).isEqualTo("tasks,48,48,48"));
        JsonNode sections = json(run.resolve("report.json")).required("sections");
        assertThat(sections.get(0).required("protocol").toString())
                .contains("each of them a user's message");
        assertThat(sections.get(1).required("protocol").toString())
                .contains("each of them a user's message")
                .contains("four tokens that write a letter, as in")
                .contains("these texts are no prompts, and no chat template writes them");
        assertThat(sections.get(2).required("protocol").toString())
                .contains("each of them a user's message");
    }

    @Test
    void eachModelNeedsATemplateOfItsOwn() throws IOException {
        Path plain = copy("plain");
        Path run = folder.resolve("run");
        Cli cli = study("formats", run, "--chat", "--model", plain.toString());
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("plain: has no chat template").hasLineCount(1);
        assertThat(run).doesNotExist();
    }

    @Test
    void whatATemplateRefusesIsSaidBeforeAnythingIsWritten() throws IOException {
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% if messages[0].role == 'system' %}{{ raise_exception('No system role') }}{% endif %}x");
        Path run = folder.resolve("run");
        Cli cli = study("formats", run, "--chat", "--system", "be brief");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("the template says: No system role").hasLineCount(1);
        assertThat(run).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "strategies families; --chat; --chat: strategies, families: nothing is asked",
                "formats; --system x; --system is for --chat",
                "formats; --today 2026-05-02; --today is for --chat",
            })
    void optionsThatDoNotGoTogetherAreRefused(String studies, String options, String reason) {
        Cli cli = study(studies, folder.resolve("run"), options.split(" "));
        assertThat(cli.code()).isEqualTo(WRONG);
        assertThat(cli.err()).contains(reason);
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
