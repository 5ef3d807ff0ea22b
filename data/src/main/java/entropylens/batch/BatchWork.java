package entropylens.batch;

import entropylens.data.InputRow;
import entropylens.data.ProblemRow;
import entropylens.data.ProfileRows;
import entropylens.data.PromptRow;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.lens.MemoryPlan;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The primitive of a batch: rows of prompts become texts, texts become rows of results. Whoever
/// schedules the work says which rows go together and keeps what comes out; the numbers depend on
/// neither.
///
/// Threads may share it.
public final class BatchWork {
    /// What the column `study` says.
    public static final String STUDY = "batch";

    /// Prompts that are worth having at hand at a time: enough to find texts of like length.
    public static final int WINDOW = 1024;

    /// Texts of one unit, for each of those that run at a time: enough that few wait for the
    /// longest.
    private static final int UNIT_FACTOR = 4;

    private final BatchModel model;
    private final BatchSettings settings;
    private final PromptReader reader;

    /// @throws entropylens.checkpoint.CheckpointException when the model has no tokenizer
    public BatchWork(BatchModel model, BatchSettings settings) {
        this.model = model;
        this.settings = settings;
        this.reader = model.reader();
    }

    /// Names a row in the results.
    public static String id(PromptRow row) {
        return "%09d".formatted(row.number());
    }

    /// A row as the results keep it.
    public static InputRow input(PromptRow row) {
        return new InputRow(id(row), row.file(), row.where(), row.columns());
    }

    /// Texts of one unit of [#units].
    public static int unitSize(BatchSettings settings) {
        return UNIT_FACTOR * settings.together();
    }

    /// Adds the texts of a row, or says why there are none.
    public Optional<ProblemRow> add(PromptRow row, List<BatchText> texts) {
        return problem(row, texts).map(reason -> new ProblemRow(model.name(), id(row), reason));
    }

    private Optional<String> problem(PromptRow row, List<BatchText> texts) {
        PromptReader.Read read;
        try {
            read = reader.read(row);
        } catch (BatchException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Prompt prompt = new Prompt(read.ids(), read.answer(), 0);
        Optional<String> problem =
                settings.measured() == BatchSettings.Measured.ANSWER && read.answer().length == 0
                        ? Optional.of("the answer makes no tokens of its own after the prompt")
                        : model.problem(prompt, settings.tokens());
        if (problem.isPresent()) {
            return Optional.of("%s: %s: %s".formatted(row.file(), row.where(), problem.get()));
        }
        for (int sample = 0; sample < settings.samples(); sample++) {
            int draw = BatchSettings.draw(row.number(), sample);
            Prompt drawn = new Prompt(read.ids(), read.answer(), draw);
            texts.add(new BatchText(row, sample, drawn, read.written()));
        }
        return Optional.empty();
    }

    /// Texts in units of like length: what is computed together ends together.
    public List<List<BatchText>> units(List<BatchText> texts) {
        List<BatchText> sorted = new ArrayList<>(texts);
        sorted.sort(
                Comparator.comparingInt(BatchText::length)
                        .thenComparing(
                                BatchText::row, Comparator.comparingLong(PromptRow::number)));
        int most = unitSize(settings);
        List<List<BatchText>> units = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += most) {
            units.add(List.copyOf(sorted.subList(from, Math.min(from + most, sorted.size()))));
        }
        return units;
    }

    /// The heap that a unit takes, at most: as if all of its texts were as long as its longest, and
    /// what they begin with one more.
    public MemoryPlan plan(List<BatchText> unit) {
        int longest = unit.stream().mapToInt(BatchText::length).max().orElse(0);
        return MemoryPlan.of(
                model.lens().model().config(),
                Math.min(unit.size(), settings.together()) + 1,
                longest + settings.tokens(),
                settings.points().size(),
                model.through());
    }

    /// Measures texts.
    ///
    /// @throws entropylens.checkpoint.FileChangedException when a weight file was changed meanwhile
    public UnitRows measure(List<BatchText> unit) {
        return model.lens().loaded().files().reading(() -> measured(unit));
    }

    private UnitRows measured(List<BatchText> texts) {
        List<TextProfile> profiles =
                new Profiler(model.lens().model())
                        .measure(
                                texts.stream().map(BatchText::prompt).toList(),
                                settings.request(model.stopIds()).through(model.through()),
                                settings.together(),
                                Progress.NONE);
        UnitRows unit = new UnitRows();
        for (int i = 0; i < texts.size(); i++) {
            BatchText text = texts.get(i);
            TextProfile profile = profiles.get(i);
            unit.add(row(text, profile));
            unit.add(
                    new ProfileRows(
                            STUDY,
                            model.name(),
                            textId(text),
                            settings.embedding(),
                            model.through().kind(),
                            profile));
        }
        return unit;
    }

    private TextRow row(BatchText text, TextProfile profile) {
        return new TextRow(
                STUDY,
                model.name(),
                textId(text),
                id(text.row()),
                null,
                null,
                null,
                text.row().prompt(),
                profile.promptIds(),
                profile.generatedIds(),
                reader.tokenizer().decode(known(profile.generatedIds())),
                sampled() ? Long.valueOf(settings.seed()) : null,
                text.written());
    }

    private String textId(BatchText text) {
        String id = id(text.row());
        return settings.samples() == 1 ? id : "%s/%04d".formatted(id, text.sample() + 1);
    }

    private boolean sampled() {
        return settings.measured() == BatchSettings.Measured.GENERATED
                && settings.temperature() > 0;
    }

    private int[] known(int[] ids) {
        return Arrays.stream(ids).filter(reader.tokenizer()::contains).toArray();
    }
}
