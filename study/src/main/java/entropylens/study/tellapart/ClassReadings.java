package entropylens.study.tellapart;

import entropylens.study.classify.Classification;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Readers;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that was read from the texts of one model: the profile by several readers and folds,
/// and the controls.
///
/// @param about the model
/// @param texts its texts
/// @param headline the reading of the verdict
/// @param trivial readings of the trivial features by the headline's reader, same folds
/// @param otherFolds the headline's reader on the folds that the preset does not go by
/// @param twin the headline's reader on the profiles of the untrained twin
/// @param all every reading, in the order of the report
/// @param comparisons of readings of the profile with those of controls
record ClassReadings(
        Subject.About about,
        LabelledTexts texts,
        Reading headline,
        List<Reading> trivial,
        Reading otherFolds,
        Optional<Reading> twin,
        List<Reading> all,
        List<Comparison> comparisons) {
    static final String SHUFFLED = "profile, labels shuffled";
    static final String TWIN = "profile of the untrained twin";

    /// @param twin profiles of the untrained twin, of the same prompts
    static ClassReadings of(
            Subject.About about,
            LabelledTexts texts,
            ClassFeatures features,
            Optional<double[][]> twin,
            ClassPlan plan,
            StudySettings settings) {
        return new Reader(texts, features, plan, settings).read(about, twin);
    }

    /// The classification of texts, as the settings have it.
    static Classification classification(LabelledTexts texts, StudySettings settings) {
        return new Classification(
                texts.cases(), settings.draws(), Intervals.LEVEL, settings.seed());
    }

    /// The folds of the verdict.
    static Scheme scheme(LabelledTexts texts, ClassPlan plan, StudySettings settings) {
        return scheme(texts, plan, settings, settings.preset() != Preset.PAPER);
    }

    private static Scheme scheme(
            LabelledTexts texts, ClassPlan plan, StudySettings settings, boolean grouped) {
        return grouped
                ? Scheme.grouped(plan.grouped(), texts.cases(), settings.seed())
                : Scheme.ungrouped(plan.ungrouped(), texts.cases(), settings.seed());
    }

    /// Reads, one control after the other.
    private static final class Reader {
        private final LabelledTexts texts;
        private final ClassFeatures features;
        private final ClassPlan plan;
        private final StudySettings settings;
        private final Classification classification;
        private final Scheme scheme;
        private final Scheme other;
        private final Readers.Reader headlineReader;
        private final List<Reading> all = new ArrayList<>();
        private final List<Reading> firsts = new ArrayList<>();
        private final List<Reading> seconds = new ArrayList<>();

        Reader(
                LabelledTexts texts,
                ClassFeatures features,
                ClassPlan plan,
                StudySettings settings) {
            this.texts = texts;
            this.features = features;
            this.plan = plan;
            this.settings = settings;
            classification = classification(texts, settings);
            scheme = scheme(texts, plan, settings);
            other = scheme(texts, plan, settings, settings.preset() == Preset.PAPER);
            headlineReader = plan.headline(settings);
        }

        ClassReadings read(Subject.About about, Optional<double[][]> twin) {
            List<Reading> own =
                    profileReaders().stream().map(reader -> profile(reader, scheme)).toList();
            Reading headline = headlineOf(own);
            Reading logistic = own.getLast();
            Reading otherFolds = otherFolds();
            acrossWordings();
            List<Reading> trivial = trivial(headline, logistic);
            shuffled(headline, logistic);
            Optional<Reading> ofTwin = twin.map(this::twin);
            ofTwin.ifPresent(reading -> compare(headline, reading));
            Reading dummy =
                    keep(
                            classification.read(
                                    "nothing",
                                    features.profile(),
                                    Readers.dummy(settings.seed()),
                                    scheme));
            compare(headline, dummy);
            return new ClassReadings(
                    about,
                    texts,
                    headline,
                    trivial,
                    otherFolds,
                    ofTwin,
                    List.copyOf(all),
                    classification.compare(firsts, seconds));
        }

        /// The paper's, then the one with k chosen, then logistic regression.
        private List<Readers.Reader> profileReaders() {
            List<Readers.Reader> readers = new ArrayList<>();
            plan.neighbours().forEach(k -> readers.add(Readers.nearest(k)));
            readers.add(Readers.nearestChosen(settings.seed()));
            readers.add(Readers.logistic());
            return readers;
        }

        private Reading profile(Readers.Reader reader, Scheme folds) {
            return keep(classification.read(ClassPlan.PROFILE, features.profile(), reader, folds));
        }

        private Reading headlineOf(List<Reading> readings) {
            return readings.stream()
                    .filter(reading -> reading.reader().equals(headlineReader.name()))
                    .findFirst()
                    .orElseThrow();
        }

        private Reading otherFolds() {
            return headlineOf(
                    profileReaders().stream().map(reader -> profile(reader, other)).toList());
        }

        private void acrossWordings() {
            Scheme.acrossKinds(plan.across(), texts.cases(), texts.wordings(), settings.seed())
                    .ifPresent(across -> {
                        profile(headlineReader, across);
                        profile(Readers.logistic(), across);
                    });
        }

        private List<Reading> trivial(Reading headline, Reading logistic) {
            List<Reading> readings = new ArrayList<>();
            for (ClassFeatures.Trivial trivial : features.trivial()) {
                // lengths and entropies have scales of their own
                Readers.Reader scaled = headlineReader.standardised();
                Reading nearest = keep(read(trivial, scaled));
                compare(headline, nearest);
                compare(logistic, keep(read(trivial, Readers.logistic())));
                readings.add(nearest);
            }
            return readings;
        }

        private Reading read(ClassFeatures.Trivial trivial, Readers.Reader reader) {
            return classification.read(trivial.name(), trivial.rows(), reader, scheme);
        }

        private void shuffled(Reading headline, Reading logistic) {
            compare(headline, keep(shuffled(headlineReader)));
            compare(logistic, keep(shuffled(Readers.logistic())));
        }

        private Reading shuffled(Readers.Reader reader) {
            return classification.readShuffled(SHUFFLED, features.profile(), reader, scheme);
        }

        private Reading twin(double[][] rows) {
            keep(classification.read(TWIN, rows, Readers.logistic(), scheme));
            return keep(classification.read(TWIN, rows, headlineReader, scheme));
        }

        private Reading keep(Reading reading) {
            all.add(reading);
            return reading;
        }

        private void compare(Reading first, Reading second) {
            firsts.add(first);
            seconds.add(second);
        }
    }
}
