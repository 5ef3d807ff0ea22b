package entropylens.study.tellapart;

import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Unmeasured;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// How the report shows a user's labels.
final class GroupsSection {
    private final ClassPlan plan;
    private final StudySettings settings;
    private final GroupPrompts prompts;
    private final List<ClassReadings> models = new ArrayList<>();
    private final List<GroupDifferences> differences = new ArrayList<>();

    GroupsSection(ClassPlan plan, StudySettings settings, GroupPrompts prompts) {
        this.plan = plan;
        this.settings = settings;
        this.prompts = prompts;
    }

    void add(ClassReadings readings, GroupDifferences its) {
        models.add(readings);
        differences.add(its);
    }

    Section build() {
        return new Section(
                Groups.ID,
                "Do profiles tell %s apart?".formatted(plan.what()),
                protocol(),
                charts(),
                tables(),
                notes());
    }

    private List<Chart> charts() {
        ClassCharts shared = new ClassCharts(plan, settings);
        GroupCharts own = new GroupCharts(plan);
        List<Chart> charts = new ArrayList<>(shared.profiles(models));
        for (int i = 0; i < models.size(); i++) {
            charts.add(own.fromOthers(models.get(i).about(), differences.get(i), suffix(i)));
        }
        charts.add(shared.auc(models));
        for (int i = 0; i < models.size(); i++) {
            charts.add(own.moves(models.get(i).about(), differences.get(i), suffix(i)));
        }
        charts.add(shared.confusion(models));
        return charts;
    }

    private String suffix(int model) {
        return models.size() == 1 ? "" : "-" + (model + 1);
    }

    private List<Table> tables() {
        GroupTables own = new GroupTables(plan);
        List<Table> tables = new ArrayList<>();
        tables.add(own.prompts(models));
        if (!prompts.leftOut().isEmpty()) {
            tables.add(GroupTables.leftOut(prompts.leftOut()));
        }
        for (int i = 0; i < models.size(); i++) {
            tables.add(own.layers(models.get(i), differences.get(i)));
            tables.add(own.moves(models.get(i), differences.get(i)));
        }
        tables.add(own.accuracy(models));
        tables.addAll(ClassTables.of(plan, models));
        return tables;
    }

    private List<String> protocol() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d prompts of %s, with the labels of its column '%s': %s.%s"
                        .formatted(
                                prompts.prompts().size(),
                                prompts.files(),
                                prompts.own().columns().label(),
                                counts(),
                                grouped()));
        lines.add(positions());
        lines.add(
                "Mean profiles: a %s counts once in its label. Where labels differ: for each layer, F of an analysis of variance of the means of %s; p from %,d exchanges of labels between %s, corrected for the number of layers by the largest F of each exchange (max-T). The first verdict needs that p, and a difference of at least %.1f nats; the largest of many noisy differences is too large, so one half of the %s chooses layer and labels, and the other is measured, in turn."
                        .formatted(
                                plan.oneUnit(),
                                plan.unit(),
                                settings.draws(),
                                plan.unit(),
                                SmallestEffects.ENTROPY_DIFFERENCE,
                                plan.unit()));
        lines.add(
                "Told apart by: %s, euclidean. Beside it k of 1, 3, 9, 29 or 81 chosen by nested folds, and logistic regression on standardised features. Folds: ten, or as many as the rarest label has %s; stratified%s. %s: the rows of all folds are scored together, each by the fold that tests it%s."
                        .formatted(
                                plan.headline().name(),
                                plan.unit(),
                                prompts.grouped() ? ", and no group is on both sides of one" : "",
                                plan.auc(),
                                plan.classes().size() == 2
                                        ? ""
                                        : "; each label against the rest, mean over the labels"));
        lines.add(
                "Its null: labels exchanged between %s (inside groups of several labels, shuffled) and folds cut anew, 200 times (20 times for logistic regression, and fewer from 2,000 prompts on: see the tables). Intervals: percentile bootstrap over %s given the folds, widened by what only the shuffles show."
                        .formatted(plan.unit(), plan.unit()));
        lines.add(
                "Controls, read by both readers in the same folds: lengths; the last layer's mean entropy; both; the last layer's entropy token by token; the profile at the last prompt token alone; which tokens the prompt%s. “Better than what is known without them” needs the profile to beat each of these by %.2f."
                        .formatted(others(), SmallestEffects.AUC_DIFFERENCE));
        return lines;
    }

    private String others() {
        return switch (prompts.own().measured()) {
            case PROMPT -> " has";
            case ANSWER -> " and the answer have, and the profile at the last position";
            case GENERATED -> " and the text have, and the profile at the last position";
        };
    }

    private String counts() {
        return plan.classes().stream()
                .map(label ->
                        "%s (%d)"
                                .formatted(
                                        label,
                                        prompts.prompts().stream()
                                                .filter(prompt -> prompt.label().equals(label))
                                                .count()))
                .collect(Collectors.joining(", "));
    }

    private String grouped() {
        return prompts.own()
                .columns()
                .group()
                .map(column ->
                        " Prompts with the same value of '%s' are one group, of which there are %d."
                                .formatted(
                                        column,
                                        prompts.prompts().stream()
                                                .map(prompt -> prompt.group())
                                                .distinct()
                                                .count()))
                .orElse(
                        " Each prompt is taken to be independent of the others: where several are on one text or by one author, say so with --group.");
    }

    private String positions() {
        Protocol protocol = Groups.protocol(settings, prompts.own().measured());
        String where =
                switch (prompts.own().measured()) {
                    case GENERATED ->
                            "Up to %d tokens are generated at temperature %s; measured are the positions that predict them."
                                    .formatted(protocol.tokens(), protocol.temperature());
                    case PROMPT ->
                            "Measured is every position of the prompt; nothing is generated.";
                    case ANSWER ->
                            "Measured are the positions that predict the tokens of the answer in column '%s'; nothing is generated."
                                    .formatted(prompts.own().columns().answer().orElse(""));
                };
        return "%s A prompt's profile is the mean entropy of each layer over these positions."
                .formatted(where);
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        Unmeasured.note("prompts", prompts.leftOut()).ifPresent(notes::add);
        notes.add(
                "Labels of your own differ in whatever your prompts differ in: words, topic, length, source. That they are told apart says that, not why; the controls say what else would have told them apart.");
        return notes;
    }
}
