package entropylens.study.families;

import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.statistics.ExactTsne;
import entropylens.study.statistics.GroupDistances;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Permuted;
import entropylens.study.statistics.PrincipalComponents;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How the report shows families.
final class FamiliesSection {
    private static final double PERPLEXITY = 20;
    private static final int STEPS_OF_THE_PAPER = 300;

    private final StudySettings settings;
    private final FamilyProfiles all;
    private final FamilyProfiles trained;
    private final FamilyProfiles twins;

    FamiliesSection(
            StudySettings settings,
            FamilyProfiles all,
            FamilyProfiles trained,
            FamilyProfiles twins) {
        this.settings = settings;
        this.all = all;
        this.trained = trained;
        this.twins = twins;
    }

    Section build() {
        List<Chart> charts = new ArrayList<>();
        charts.add(profiles());
        charts.add(byLayer());
        if (trained.modelCount() > 1) {
            charts.add(principalComponents());
            charts.add(tsne());
        }
        return new Section(
                Families.ID,
                "Are profiles specific to a family, whatever its depth?",
                protocol(),
                charts,
                trained.canCompare() ? List.of(comparison()) : List.of(),
                List.of(
                        "Models that share a family here also share tokenizer, data and training recipe as far as they were trained together: what is told apart may be any of these.",
                        "Distances in a t-SNE map between clusters mean little; the table's distances are those of the profiles themselves."));
    }

    private Chart profiles() {
        return new Chart(
                "families-profile",
                "Profiles over relative depth",
                "Mean over texts, with its 95 % interval over texts. One colour per family; dashed: the same architecture with random weights.",
                Chart.Kind.LINE,
                "relative depth l / L",
                "entropy, nats",
                List.of(),
                List.of(),
                series(true));
    }

    private Chart byLayer() {
        return new Chart(
                "families-layers",
                "The same without rescaling",
                "Over the number of the layer: what rescaling is to bring together.",
                Chart.Kind.LINE,
                "layer l",
                "entropy, nats",
                List.of(),
                List.of(),
                series(false));
    }

    private List<Chart.Series> series(boolean relative) {
        List<Chart.Series> series = new ArrayList<>();
        for (int model = 0; model < all.modelCount(); model++) {
            Subject.About about = all.subjects().get(model);
            Interval[] means = all.ofModel(model, settings);
            double[] x = relative ? about.depths(1, means.length) : layers(means.length);
            Chart.Series line = Intervals.series(about.name(), about.family(), x, means);
            series.add(about.untrained() ? line.asControl() : line);
        }
        return series;
    }

    private static double[] layers(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }

    private Chart principalComponents() {
        double[][] rows = trained.rescaled();
        PrincipalComponents components = PrincipalComponents.fit(rows, 2);
        return scatter(
                "families-pca",
                "Texts by their profiles: principal components",
                "Profiles on a common grid of relative depth. The two components hold %.0f %% and %.0f %% of the variance."
                        .formatted(100 * components.shares()[0], 100 * components.shares()[1]),
                components.project(rows));
    }

    private Chart tsne() {
        double[][] rows = trained.zeroPadded();
        double perplexity = Math.min(PERPLEXITY, (rows.length - 1) / 3.0);
        ExactTsne.Embedding embedding = tsne(perplexity).embed(rows);
        return scatter(
                "families-tsne",
                "Texts by their profiles: t-SNE, as in the paper",
                "Profiles padded with zeros to the deepest model, perplexity %.0f, started from principal components: the paper's protocol, in which depth itself is a feature. KL divergence %.3f nats."
                        .formatted(perplexity, embedding.divergence()),
                embedding.points());
    }

    private ExactTsne tsne(double perplexity) {
        return settings.has(Flaw.SHORT_TSNE)
                ? new ExactTsne(perplexity, STEPS_OF_THE_PAPER)
                : new ExactTsne(perplexity);
    }

    private Chart scatter(String id, String title, String caption, double[][] points) {
        List<Chart.Series> series = new ArrayList<>();
        for (int model = 0; model < trained.modelCount(); model++) {
            int wanted = model;
            int[] rows =
                    IntStream.range(0, points.length)
                            .filter(row -> trained.models()[row] == wanted)
                            .toArray();
            Subject.About about = trained.subjects().get(model);
            series.add(
                    Chart.Series.of(
                            about.name(),
                            about.family(),
                            IntStream.of(rows).mapToDouble(row -> points[row][0]).toArray(),
                            IntStream.of(rows).mapToDouble(row -> points[row][1]).toArray()));
        }
        return new Chart(
                id,
                title,
                caption,
                Chart.Kind.SCATTER,
                "first coordinate",
                "second coordinate",
                List.of(),
                List.of(),
                series);
    }

    private Table comparison() {
        List<List<Object>> rows = new ArrayList<>();
        addComparison(rows, "trained", trained);
        if (twins.modelCount() > 0 && twins.canCompare()) {
            addComparison(rows, "untrained twins", twins);
        }
        return new Table(
                "What rescaling does",
                List.of(
                        "models",
                        "profiles",
                        "distance within families, nats",
                        "distance between, nats",
                        "difference, families exchanged",
                        "p",
                        "family recognised, model left out",
                        "the same, families exchanged",
                        "p"),
                rows,
                3);
    }

    private void addComparison(List<List<Object>> rows, String which, FamilyProfiles profiles) {
        addComparison(rows, which, "over relative depth", profiles, profiles.rescaled());
        addComparison(rows, which, "layer by layer", profiles, profiles.notRescaled());
        addComparison(rows, which, "padded with zeros", profiles, profiles.zeroPadded());
    }

    private void addComparison(
            List<List<Object>> rows,
            String which,
            String how,
            FamilyProfiles profiles,
            double[][] values) {
        GroupDistances distances = profiles.distances(values);
        Permuted closer = profiles.closer(values, settings);
        Permuted recognised = profiles.recognised(values, settings);
        rows.add(
                List.of(
                        which,
                        how,
                        distances.within(),
                        distances.between(),
                        closer.mean(),
                        closer.pValue(),
                        recognised.statistic(),
                        recognised.mean(),
                        recognised.pValue()));
    }

    private List<String> protocol() {
        Protocol protocol = Families.protocol(settings);
        return List.of(
                "%d texts per model from the begin token alone, up to %d tokens each, temperature %s, as in the paper; a text's profile is the mean over its tokens."
                        .formatted(
                                settings.samples(64, 64, 24),
                                protocol.tokens(),
                                protocol.temperature()),
                "Profiles are interpolated linearly to 25 depths from 1 / (blocks of the shallowest model) to 1. Distance: root mean square over these depths. Pairs of texts of one model are left out.",
                "Recognition: %d nearest neighbours, all texts of the tested model left out; the votes of a family are divided by the number of its texts among the other models. The null of either figure: the families of whole models exchanged, in all distinct ways where they are fewer than 20,000. Intervals: jackknife over models."
                        .formatted(FamilyProfiles.NEIGHBOURS));
    }
}
