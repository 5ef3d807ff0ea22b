package entropylens.spark;

import entropylens.batch.BatchSettings;
import entropylens.batch.BatchText;
import entropylens.batch.BatchWork;
import entropylens.data.PlainTable;
import entropylens.data.PromptRow;
import entropylens.data.UnitRows;
import entropylens.lens.MemoryPlan;
import java.io.Serial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/// What a task does: measures its prompts, a window at a time, and in a window texts of like length
/// together. What comes out depends on each prompt, its number and the settings alone, so a task
/// that is done again gives the same rows.
final class MeasureTexts implements MapPartitionsFunction<Row, Row> {
    @Serial private static final long serialVersionUID = 1;

    private final SparkSettings settings;
    private final @Nullable ModelFacts expected;
    private final List<String> codecs;
    private final TaskCounters counters;

    /// @param expected what an executor said of the model; null where each finds out by itself
    /// @param codecs that Spark writes with, `KEY=VALUE`
    MeasureTexts(
            SparkSettings settings,
            @Nullable ModelFacts expected,
            List<String> codecs,
            TaskCounters counters) {
        this.settings = settings;
        this.expected = expected;
        this.codecs = new ArrayList<>(codecs);
        this.counters = counters;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> prompts) {
        return prompts.hasNext() ? new Measured(prompts) : List.<Row>of().iterator();
    }

    /// The rows of a task, made as they are taken.
    private final class Measured implements Iterator<Row> {
        private final Iterator<Row> prompts;
        private final BatchSettings asked = settings.terms().settings();
        private final BatchWork work;
        private final String name;
        private final ExecutorShare share = ExecutorShare.here();
        private final Deque<List<BatchText>> units = new ArrayDeque<>();
        private final Deque<Row> ready = new ArrayDeque<>();

        Measured(Iterator<Row> prompts) {
            this.prompts = prompts;
            ZstdFault.here(codecs)
                    .ifPresent(fault -> {
                        throw new SparkBatchException(ExecutorShare.name() + ": " + fault);
                    });
            ExecutorModel open = ExecutorModel.of(settings);
            open.requireFits(asked);
            this.work = new BatchWork(open.model(), asked);
            if (expected != null) {
                open.requireSame(expected);
            }
            this.name = (expected == null ? open.facts(settings) : expected).run();
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && (!units.isEmpty() || prompts.hasNext())) {
                if (units.isEmpty()) {
                    nextWindow();
                } else {
                    measure(units.remove());
                }
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void nextWindow() {
            List<BatchText> texts = new ArrayList<>();
            UnitRows problems = new UnitRows();
            for (int i = 0; i < BatchWork.WINDOW && prompts.hasNext(); i++) {
                PromptRow row = PromptTable.of(prompts.next());
                work.add(row, texts)
                        .ifPresent(problem -> {
                            if (settings.strict()) {
                                throw new SparkBatchException(
                                        problem.reason()
                                                + "; without strict such rows are noted and left out");
                            }
                            problems.add(problem);
                        });
            }
            for (@Nullable Object[] row :
                    PlainTable.problems().rows(problems, name, asked.readout())) {
                ready.add(RowFactory.create(null, null, RowFactory.create(row)));
                counters.problem();
            }
            units.addAll(work.units(texts));
        }

        private void measure(List<BatchText> unit) {
            requireMemory(work.plan(unit));
            UnitRows found = work.measure(unit);
            Iterator<@Nullable Object[]> profiles =
                    PlainTable.profiles(asked.readout())
                            .rows(found, name, asked.readout())
                            .iterator();
            @Nullable Object @Nullable [] next = profiles.hasNext() ? profiles.next() : null;
            for (@Nullable Object[] text : PlainTable.texts().rows(found, name, asked.readout())) {
                List<Row> own = new ArrayList<>();
                while (next != null && Objects.equals(next[TEXT_ID], text[TEXT_ID])) {
                    own.add(Tables.profileRow(next));
                    next = profiles.hasNext() ? profiles.next() : null;
                }
                ready.add(RowFactory.create(RowFactory.create(text), own.toArray(), null));
            }
            unit.forEach(text -> counters.text(text.length() + asked.tokens()));
        }

        private void requireMemory(MemoryPlan plan) {
            if (plan.total() > share.heapBytes() / share.tasks()) {
                throw new SparkBatchException(
                        "%s has %,d MiB of heap beside Spark's own for %d tasks at a time, but one needs %,d MiB for %d texts of %,d tokens; set spark.executor.memory higher, spark.task.cpus higher, spark.memory.fraction lower, or run fewer texts together (batch) or fewer tokens"
                                .formatted(
                                        ExecutorShare.name(),
                                        share.heapBytes() >> 20,
                                        share.tasks(),
                                        plan.total() >> 20,
                                        plan.sequences() - 1,
                                        plan.longest()));
            }
        }
    }

    /// The column `text_id` of `texts` and `profiles`.
    private static final int TEXT_ID = Tables.names(PlainTable.texts()).indexOf("text_id");
}
