package entropylens.batch;

import entropylens.data.InputRow;
import entropylens.data.ProblemRow;
import entropylens.data.ProfileRows;
import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import entropylens.data.Store;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.data.WrittenPrompt;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import entropylens.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the prompts of a user's files through a model and keeps every profile.
///
/// Prompts are read a window at a time, so that any number of them takes the same memory; in a
/// window, texts of like length run together. A text's numbers depend on nothing but its prompt,
/// its number in the files and the settings: not on windows, parts or what ran beside it.
public final class BatchRun {
    /// What the column `study` says.
    public static final String STUDY = "batch";

    /// Prompts that are read at a time.
    private static final int WINDOW = 1024;

    /// Texts of one unit, for each of those that run at a time: enough that few wait for the
    /// longest.
    private static final int UNIT_FACTOR = 4;

    private final Store store;
    private final BatchSettings settings;
    private final Shard shard;
    private final BatchProgress progress;

    private long rows;
    private long texts;
    private long problems;

    /// @param store stays the caller's
    public BatchRun(Store store, BatchSettings settings, Shard shard, BatchProgress progress) {
        this.store = store;
        this.settings = settings;
        this.shard = shard;
        this.progress = progress;
    }

    /// What became of the rows.
    ///
    /// @param rows of the files that belong to this part
    /// @param texts that were measured now; those of the run before are not counted
    /// @param problems rows that could not be measured
    /// @param before whether all of it was measured before; then nothing was counted
    public record Done(long rows, long texts, long problems, boolean before) {}

    /// One text to be measured.
    ///
    /// @param sample which of the texts of its prompt, from 0
    /// @param written by a chat template, where one is used
    private record Text(PromptRow row, int sample, Prompt prompt, @Nullable WrittenPrompt written) {
        int length() {
            return prompt.ids().length + prompt.answer().length;
        }
    }

    /// Measures what is not measured yet.
    ///
    /// @param strict whether a row that cannot be measured ends the run
    /// @throws entropylens.data.DataException when a file cannot be read
    /// @throws BatchException when `strict`, and a row cannot be measured
    public Done run(BatchModel model, Prompts prompts, boolean strict) {
        rows = 0;
        texts = 0;
        problems = 0;
        if (store.complete(model.name())) {
            return new Done(0, 0, 0, true);
        }
        once("models/" + model.name(), () -> new UnitRows().add(model.row()));
        List<PromptRow> window = new ArrayList<>();
        int number = 0;
        for (PromptRow row = prompts.next(); row != null; row = prompts.next()) {
            if (shard.has(row.number())) {
                window.add(row);
            }
            if (window.size() == WINDOW) {
                measure(model, window, number++, strict);
                window.clear();
            }
        }
        if (!window.isEmpty()) {
            measure(model, window, number, strict);
        }
        store.noteComplete(model.name());
        return new Done(rows, texts, problems, false);
    }

    private void measure(BatchModel model, List<PromptRow> window, int number, boolean strict) {
        keepInputs(window, number);
        PromptReader reader = model.reader();
        List<Text> fit = new ArrayList<>();
        UnitRows unfit = new UnitRows();
        for (PromptRow row : window) {
            Optional<String> problem = add(model, reader, row, fit);
            problem.ifPresent(reason -> {
                if (strict) {
                    throw new BatchException(
                            reason + "; without --strict such rows are noted and left out");
                }
                problems++;
                unfit.add(new ProblemRow(model.name(), id(row), reason));
            });
        }
        String name = "%s/%s/%06d".formatted(STUDY, model.name(), number);
        once(name + "/problems", () -> unfit);
        // of like length: what is computed together ends together
        fit.sort(
                Comparator.comparingInt(Text::length)
                        .thenComparing(Text::row, Comparator.comparingLong(PromptRow::number)));
        int most = UNIT_FACTOR * settings.together();
        for (int from = 0; from < fit.size(); from += most) {
            List<Text> some = fit.subList(from, Math.min(from + most, fit.size()));
            String unit = "%s/%05d".formatted(name, from / most);
            if (!store.done(unit)) {
                store.commit(
                        unit,
                        model.lens()
                                .loaded()
                                .files()
                                .reading(() -> measured(model, reader.tokenizer(), some)));
                texts += some.size();
            }
            long through = window.size() * (from + (long) some.size()) / fit.size();
            progress.update(model.name(), rows + through, texts);
        }
        rows += window.size();
    }

    private void once(String unit, Supplier<UnitRows> work) {
        if (!store.done(unit)) {
            store.commit(unit, work.get());
        }
    }

    private void keepInputs(List<PromptRow> window, int number) {
        once(
                "inputs/%06d".formatted(number),
                () -> {
                    UnitRows inputs = new UnitRows();
                    for (PromptRow row : window) {
                        inputs.add(new InputRow(id(row), row.file(), row.where(), row.columns()));
                    }
                    return inputs;
                });
    }

    /// Adds the texts of a row, or says why there are none.
    private Optional<String> add(
            BatchModel model, PromptReader reader, PromptRow row, List<Text> fit) {
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
            fit.add(new Text(row, sample, drawn, read.written()));
        }
        return Optional.empty();
    }

    private static String id(PromptRow row) {
        return "%09d".formatted(row.number());
    }

    private String textId(Text text) {
        String id = id(text.row());
        return settings.samples() == 1 ? id : "%s/%04d".formatted(id, text.sample() + 1);
    }

    private UnitRows measured(BatchModel model, Tokenizer tokenizer, List<Text> some) {
        List<TextProfile> profiles =
                new Profiler(model.lens().model())
                        .measure(
                                some.stream().map(Text::prompt).toList(),
                                settings.request(model.stopIds()),
                                settings.together(),
                                Progress.NONE);
        UnitRows unit = new UnitRows();
        for (int i = 0; i < some.size(); i++) {
            Text text = some.get(i);
            TextProfile profile = profiles.get(i);
            unit.add(
                    new TextRow(
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
                            tokenizer.decode(known(tokenizer, profile.generatedIds())),
                            sampled() ? Long.valueOf(settings.seed()) : null,
                            text.written()));
            unit.add(
                    new ProfileRows(
                            STUDY, model.name(), textId(text), settings.embedding(), profile));
        }
        return unit;
    }

    private boolean sampled() {
        return settings.measured() == BatchSettings.Measured.GENERATED
                && settings.temperature() > 0;
    }

    private static int[] known(Tokenizer tokenizer, int[] ids) {
        return Arrays.stream(ids).filter(tokenizer::contains).toArray();
    }
}
