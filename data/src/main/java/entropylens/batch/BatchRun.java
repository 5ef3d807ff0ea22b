package entropylens.batch;

import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import entropylens.data.Store;
import entropylens.data.UnitRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Runs the prompts of a user's files through a model and keeps every profile.
///
/// Prompts are read a window at a time, so that any number of them takes the same memory; in a
/// window, texts of like length run together. A text's numbers depend on nothing but its prompt,
/// its number in the files and the settings: not on windows, parts or what ran beside it.
public final class BatchRun {
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
            if (window.size() == BatchWork.WINDOW) {
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
        BatchWork work = new BatchWork(model, settings);
        List<BatchText> fit = new ArrayList<>();
        UnitRows unfit = new UnitRows();
        for (PromptRow row : window) {
            work.add(row, fit)
                    .ifPresent(problem -> {
                        if (strict) {
                            throw new BatchException(
                                    problem.reason()
                                            + "; without --strict such rows are noted and left out");
                        }
                        problems++;
                        unfit.add(problem);
                    });
        }
        String name = "%s/%s/%06d".formatted(BatchWork.STUDY, model.name(), number);
        once(name + "/problems", () -> unfit);
        long through = 0;
        int next = 0;
        for (List<BatchText> some : work.units(fit)) {
            String unit = "%s/%05d".formatted(name, next++);
            if (!store.done(unit)) {
                store.commit(unit, work.measure(some));
                texts += some.size();
            }
            through += some.size();
            progress.update(model.name(), rows + window.size() * through / fit.size(), texts);
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
                    window.forEach(row -> inputs.add(BatchWork.input(row)));
                    return inputs;
                });
    }
}
