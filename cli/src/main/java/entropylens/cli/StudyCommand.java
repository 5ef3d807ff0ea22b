package entropylens.cli;

import entropylens.cli.report.EvidenceWords;
import entropylens.data.Manifest;
import entropylens.data.Store;
import entropylens.kernels.Kernels;
import entropylens.study.StudyRun;
import entropylens.study.report.StudyReport;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.ChatUse;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens study`: a claim of the paper, tested on one's own models.
@Command(
        name = "study",
        description = {
            "Tests claims of the paper on models: measures, concludes, and writes a report.",
            "",
            "strategies: do blocks expand and prune the set of candidate tokens? families: are profiles specific to a family, whatever its depth? tasks: do profiles tell task types apart (continue a story, count its words, say what it is about)? formats: do they tell output formats apart (chat, poem, scientific note)? Each model is measured beside its untrained twin, the same architecture with random weights.",
            "",
            "groups: do profiles of your own labelled prompts differ, and do they tell the labels apart (--prompts, --label)?",
            "",
            "skip: does it cost more to skip blocks that expand than blocks that prune? correctness: does the profile tell right answers from wrong ones? Both ask multiple-choice questions, of Tinytown or of a file of your own (--questions).",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "The directory gets report.html and report.json, the measurements as Parquet files and as run.duckdb, pictures, and manifest.json, which says how to repeat the run. A run that was stopped goes on with --resume.",
            "",
            "Examples:",
            "  entropy-lens study strategies --preset quick -o strategies",
            "  entropy-lens study families --model tinytown-llama-4 --model tinytown-llama-8 --model tinytown-gpt2-4 \\",
            "      --model tinytown-gpt2-8 -o families",
            "  entropy-lens study tasks --stories stories.jsonl --story-column text -o tasks",
            "  entropy-lens study formats --preset quick -o formats",
            "  entropy-lens study formats --model path/to/Qwen3-0.6B --chat -o chats",
            "  entropy-lens study groups --prompts prompts.csv --label topic --group author -o groups",
            "  entropy-lens study skip correctness --model MODEL --questions mmlu.jsonl --shots 5 -o skip"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class StudyCommand implements Runnable {
    private static final int MAX_BATCH = 4096;

    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Parameters(
            paramLabel = "STUDY",
            arity = "1..*",
            description =
                    "strategies, families, tasks, formats, groups, skip, correctness; or all (groups only with --prompts).")
    List<String> studies = new ArrayList<>();

    @Mixin ModelOptions models;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory of the run: new or empty, or with --resume that of a run.")
    Path directory;

    @Option(names = "--resume", description = "Go on with the run that was begun in the directory.")
    boolean resume;

    @Option(
            names = "--preset",
            paramLabel = "PRESET",
            defaultValue = "sound",
            description =
                    "sound: ours (default). quick: the same with few texts, a minute. paper: the procedure of the published code, its flaws included (see --correct), with wordings of our own.")
    Preset preset;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = {
                "Texts per model (default: 64; quick: 24).",
                "tasks: stories, of 24 texts each (100; quick: 12). formats: topics, of 3 texts each (all 161; quick: 24).",
                "groups: prompts, in whole groups (all).",
                "skip, correctness: questions (400; quick: 80 and 160)."
            })
    @Nullable Integer samples;

    @Option(
            names = "--tokens",
            paramLabel = "T",
            description =
                    "Tokens per text (default: 32; tasks, groups, correctness: 8; formats: 256, quick: 48).")
    @Nullable Integer tokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description =
                    "Of the sampling; 0 is greedy (default: 0.7; tasks, groups: 1; formats: 0; correctness is always greedy).")
    @Nullable Double temperature;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of every random number (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts that run together (default: ${DEFAULT-VALUE}).")
    int batch;

    @Mixin StudyFlawOptions flaws;

    @Mixin StudyInputOptions inputs;

    @Mixin StudyLensOptions lenses;

    @Mixin ChatOptions chat;

    @Mixin StudyGroupOptions groups;

    @Mixin LoadingOptions loading;

    @Mixin AdapterOptions adapters;

    /// Only to say why there is none.
    @Option(names = "--untrained", paramLabel = "SEED", hidden = true)
    @Nullable String untrained;

    @Override
    public void run() {
        List<String> ids = ids();
        refuseUntrained();
        loading.boundStatistics();
        Optional<BatchInput> prompts = groups.open(ids, spec);
        try {
            StudyInputs given = inputs.inputs(spec);
            StudySettings settings =
                    settings(
                                    prompts.map(input -> given.withPrompts(groups.of(input)))
                                            .orElse(given))
                            .correcting(flaws.corrected(preset, ids, spec));
            run(ids, settings);
        } finally {
            prompts.ifPresent(BatchInput::close);
        }
    }

    private void run(List<String> ids, StudySettings settings) {
        StudyRun run = new StudyRun(ids, settings);
        requireChatFits(run);
        LoadingOptions.noteSlowKernels(Kernels.best(), spec.commandLine().getErr());
        StudyModels subjects =
                new StudyModels(
                        models(),
                        loading,
                        adapters.sources(main.hub()),
                        path -> chat.chat ? Optional.of(chat.form(path)) : Optional.empty(),
                        run.wantsTwins(),
                        lenses.of(),
                        subject -> {
                            run.requireFits(subject);
                            LoadingOptions.noteNamed(subject.loaded(), spec.commandLine().getErr());
                            AdapterOptions.noteOtherBase(
                                    subject.loaded(), spec.commandLine().getErr());
                        });
        StudyLeftOut.say(run.leftOut(), spec.commandLine().getErr());
        Manifest manifest = StudyManifest.of(ids, settings, subjects, run.leftOut(), spec);
        try (Store store = Store.open(directory, manifest, run.columns(), resume);
                StudyProgressLine progress = StudyProgressLine.start(spec.commandLine().getErr())) {
            List<Subject.About> abouts =
                    subjects.each(subject -> run.measure(subject, store, progress));
            StudyRun.Conclusions conclusions =
                    run.conclude(abouts, store, progress, subjects.labels(), this::otherCommand);
            progress.close();
            StudyReport report =
                    new StudyReport(
                            "entropy-lens study " + String.join(", ", ids),
                            StudyManifest.command(spec),
                            StudyManifest.facts(settings, subjects),
                            conclusions.verdicts(),
                            conclusions.sections(),
                            conclusions.lenses());
            StudyFiles.write(report, directory);
            print(report);
        }
    }

    private String otherCommand(Set<Flaw> corrected, Flaw flaw) {
        return StudyManifest.command(
                StudyFlawOptions.other(StudyManifest.arguments(spec), corrected, flaw));
    }

    /// The directories of the models; with adapters there is one.
    private List<Path> models() {
        List<Path> directories = models.all(main.hub());
        if (directories.size() > 1 && !adapters.names.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--adapter goes with one --model, but %d are given; run the study once for each"
                            .formatted(directories.size()));
        }
        return directories;
    }

    private void requireChatFits(StudyRun run) {
        chat.contradiction(chat.chat)
                .ifPresent(why -> {
                    throw new ParameterException(spec.commandLine(), why);
                });
        if (chat.chat && !run.prompts()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--chat: %s: nothing is asked here, for texts start from the begin token alone; leave it out"
                            .formatted(String.join(", ", ids())));
        }
    }

    private void refuseUntrained() {
        if (untrained != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--untrained: studies measure untrained twins by themselves; leave it out");
        }
    }

    private List<String> ids() {
        if (studies.contains("all")) {
            // groups has nothing of its own to compare
            return StudyRun.ids().stream()
                    .filter(id -> !id.equals("groups") || !groups.prompts.isEmpty())
                    .toList();
        }
        for (String study : studies) {
            if (!StudyRun.ids().contains(study)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no study '%s'; there are %s, and all"
                                .formatted(study, String.join(", ", StudyRun.ids())));
            }
        }
        return studies.stream().distinct().toList();
    }

    private StudySettings settings(StudyInputs given) {
        require(samples == null || samples >= 1, "--samples", samples);
        require(tokens == null || tokens >= 2, "--tokens", tokens);
        if (studies.equals(List.of("groups")) && !groups.generates()) {
            require(tokens == null, "nothing is generated, so --tokens", tokens);
            require(temperature == null, "nothing is generated, so --temperature", temperature);
        }
        require(temperature == null || temperature >= 0, "--temperature", temperature);
        require(batch >= 1 && batch <= MAX_BATCH, "--batch", batch);
        StudySettings settings =
                new StudySettings(
                        preset,
                        samples == null ? OptionalInt.empty() : OptionalInt.of(samples),
                        tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens),
                        temperature == null
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(temperature),
                        seed,
                        batch,
                        given);
        StudySettings seen = lenses.nulls ? settings.withNulls() : settings;
        return chat.chat ? seen.inChat(new ChatUse(Optional.ofNullable(chat.system))) : seen;
    }

    private void require(boolean sensible, String option, @Nullable Object value) {
        if (!sensible) {
            throw new ParameterException(
                    spec.commandLine(), "%s makes no sense: %s".formatted(option, value));
        }
    }

    private void print(StudyReport report) {
        PrintWriter out = spec.commandLine().getOut();
        report.verdicts().forEach(verdict -> print(verdict, "", out));
        for (UnderLens lens : report.lenses()) {
            String through = ", through the lens '%s'".formatted(lens.lens());
            lens.verdicts().forEach(verdict -> print(verdict, through, out));
        }
        out.println("Report: " + directory.resolve("report.html"));
    }

    private static void print(Verdict verdict, String through, PrintWriter out) {
        out.println(
                Failures.oneLine(
                        "%s%s: %s: %s"
                                .formatted(
                                        verdict.model(),
                                        through,
                                        verdict.claim(),
                                        verdict.outcome().words())));
        if (!Double.isNaN(verdict.value())) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "  %s: %.3f (%.0f %%: %.3f to %.3f; held against %.2f)",
                            verdict.effect(),
                            verdict.value(),
                            100 * verdict.level(),
                            verdict.low(),
                            verdict.high(),
                            verdict.threshold()));
        }
        List<String> evidence = EvidenceWords.of(verdict.evidence());
        if (!evidence.isEmpty()) {
            out.println("  " + String.join("; ", evidence));
        }
        out.println("  " + verdict.sentence());
    }
}
