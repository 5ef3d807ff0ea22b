package entropylens.study.tellapart;

import entropylens.study.classify.Classification;
import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Reads the texts of one model by all readers, folds and controls of a study.
final class ClassScoring {
    /// Of nearest neighbours, whose votes are only counted anew.
    private static final int SHUFFLES = 200;

    /// Of readers that learn anew each time.
    private static final int SHUFFLES_LEARNT = 20;

    /// Texts from which on less is shuffled.
    private static final int MANY = 2000;

    private static final int SEEDS = 5;

    private final LabelledTexts texts;
    private final ClassFeatures features;
    private final ClassPlan plan;
    private final StudySettings settings;
    private final Classification classification;
    private final Scheme scheme;
    private final Optional<Scheme> wordings;
    private final Classifiers.Reader headlineReader;
    private final List<Reading> all = new ArrayList<>();

    ClassScoring(
            LabelledTexts texts, ClassFeatures features, ClassPlan plan, StudySettings settings) {
        this.texts = texts;
        this.features = features;
        this.plan = plan;
        this.settings = settings;
        classification = ClassReadings.classification(texts, settings);
        scheme = ClassReadings.scheme(texts, plan, settings);
        wordings =
                settings.has(Flaw.SAME_WORDINGS)
                        ? Optional.empty()
                        : Scheme.acrossKinds(
                                plan.across(), texts.cases(), texts.wordings(), settings.seed());
        headlineReader = plan.headline();
    }

    /// @param twin features of its texts, of the same prompts
    ClassReadings read(Subject.About about, Optional<ClassFeatures> twin) {
        List<Profiles> own = new ArrayList<>(List.of(profiles(scheme)));
        wordings.ifPresent(across -> own.add(profiles(across)));
        Reading headline = own.getFirst().nearest();
        otherReaders();
        Optional<Reading> otherFolds =
                grouped() ? Optional.of(profile(headlineReader, otherScheme())) : Optional.empty();
        features.parts().forEach(this::part);
        List<Contrast> controls = own.stream().flatMap(found -> controls(found).stream()).toList();
        Optional<Reading> ofTwin = twin.map(its -> read(ClassReadings.TWIN, its.profile(), scheme));
        List<Comparison> beside = new ArrayList<>();
        ofTwin.ifPresent(reading -> beside.add(classification.compare(headline, reading)));
        beside.add(classification.compare(headline, dummy()));
        List<Contrast> layers = own.stream().map(found -> layers(found.scheme())).toList();
        return new ClassReadings(
                about,
                texts,
                headline,
                own.size() > 1 ? Optional.of(own.getLast().nearest()) : Optional.empty(),
                otherFolds,
                inOtherWordings(own)
                        ? twin.map(its -> inOtherWordings(its, own.getLast().scheme()))
                        : ofTwin,
                List.copyOf(all),
                Contrast.found(controls),
                elsewhere(controls, twin),
                beside,
                Contrast.found(layers),
                elsewhere(layers, twin),
                overSeeds(inOtherWordings(own)));
    }

    private Contrast.Elsewhere elsewhere(List<Contrast> contrasts, Optional<ClassFeatures> twin) {
        Contrast hardest = Contrast.hardest(contrasts);
        boolean otherWordings = hardest.found().first().scheme().equals(plan.across());
        return hardest.elsewhere(
                classification, features, twin, settings.seed(), seeds(otherWordings));
    }

    /// None for folds that are cut from the texts in their order: nothing is drawn there.
    private int seeds(boolean otherWordings) {
        boolean inOrder = settings.has(Flaw.UNGROUPED_FOLDS) && plan.inOrder();
        return inOrder && !otherWordings ? 0 : SEEDS;
    }

    /// The folds in which the profile does worse: those of the verdict.
    private static boolean inOtherWordings(List<Profiles> own) {
        return own.getLast().nearest().auc().estimate() < own.getFirst().nearest().auc().estimate();
    }

    private Reading inOtherWordings(ClassFeatures twin, Scheme across) {
        return classification.read(ClassReadings.TWIN, twin.profile(), headlineReader, across);
    }

    /// The profile by both readers in one scheme.
    private record Profiles(Scheme scheme, Reading nearest, Reading logistic) {}

    private Profiles profiles(Scheme folds) {
        return new Profiles(
                folds,
                keep(withNull(headlineReader, folds, SHUFFLES)),
                keep(withNull(Classifiers.logistic(), folds, SHUFFLES_LEARNT)));
    }

    /// Where labels belong to groups, each shuffle has folds of its own and looks for all
    /// neighbours anew, which takes the square of the number of texts.
    private int shuffles(int most) {
        if (!plan.own() || texts.texts().size() <= MANY) {
            return most;
        }
        double fewer = Math.pow((double) MANY / texts.texts().size(), 2);
        return Math.max(SHUFFLES_LEARNT, (int) (most * fewer));
    }

    private Reading withNull(Classifiers.Reader reader, Scheme folds, int shuffles) {
        return classification.readWithNull(
                ClassPlan.PROFILE,
                features.profile(),
                reader,
                folds,
                plan.shuffling(settings.seed()),
                shuffles(shuffles));
    }

    /// Nearest neighbours with other k: the paper's, and one chosen where no test text has a say.
    private void otherReaders() {
        plan.neighbours().stream().skip(1).forEach(k -> profile(Classifiers.nearest(k), scheme));
        profile(Classifiers.nearestChosen(settings.seed()), scheme);
    }

    /// Whether any two texts are of one group: else there are no other folds.
    private boolean grouped() {
        int[] groups = texts.cases().groups();
        return IntStream.of(groups).distinct().count() < groups.length;
    }

    private Scheme otherScheme() {
        return ClassReadings.scheme(texts, plan, settings, settings.has(Flaw.UNGROUPED_FOLDS));
    }

    private Reading profile(Classifiers.Reader reader, Scheme folds) {
        return keep(classification.read(ClassPlan.PROFILE, features.profile(), reader, folds));
    }

    private void part(ClassFeatures.Named part) {
        read(part.name(), part.rows(), scheme);
        wordings.ifPresent(across -> read(part.name(), part.rows(), across));
    }

    private Reading read(String name, double[][] rows, Scheme folds) {
        return keep(classification.read(name, rows, headlineReader, folds));
    }

    private List<Contrast> controls(Profiles profiles) {
        List<Contrast> pairs = new ArrayList<>();
        for (int c = 0; c < features.controls().size(); c++) {
            ClassFeatures.Named control = features.controls().get(c);
            Classifiers.Reader nearest =
                    control.oneScale() ? headlineReader : headlineReader.standardised();
            pairs.add(control(c, profiles.nearest(), headlineReader, nearest, profiles.scheme()));
            pairs.add(
                    control(
                            c,
                            profiles.logistic(),
                            Classifiers.logistic(),
                            Classifiers.logistic(),
                            profiles.scheme()));
        }
        return pairs;
    }

    private Contrast control(
            int index,
            Reading profile,
            Classifiers.Reader profileReader,
            Classifiers.Reader reader,
            Scheme folds) {
        ClassFeatures.Named control = features.controls().get(index);
        Reading reading = keep(classification.read(control.name(), control.rows(), reader, folds));
        return new Contrast(
                classification.compare(profile, reading),
                ClassFeatures::profile,
                profileReader,
                its -> its.controls().get(index).rows(),
                reader,
                seed -> foldsLike(folds, seed));
    }

    private Contrast layers(Scheme folds) {
        Reading all =
                keep(
                        classification.read(
                                ClassFeatures.ALL_LAYERS,
                                features.allLayers(),
                                Classifiers.logistic(),
                                folds));
        Reading last =
                keep(
                        classification.read(
                                ClassFeatures.LAST_LAYER,
                                features.lastLayer(),
                                Classifiers.logistic(),
                                folds));
        return new Contrast(
                classification.compare(all, last),
                ClassFeatures::allLayers,
                Classifiers.logistic(),
                ClassFeatures::lastLayer,
                Classifiers.logistic(),
                seed -> foldsLike(folds, seed));
    }

    private Reading dummy() {
        return keep(
                classification.read(
                        "nothing", features.profile(), Classifiers.dummy(settings.seed()), scheme));
    }

    private double[] overSeeds(boolean otherWordings) {
        return IntStream.range(0, seeds(otherWordings))
                .mapToObj(i -> foldsOf(settings.seed() + i, otherWordings))
                .mapToDouble(folds ->
                        classification
                                .read("", features.profile(), headlineReader, folds)
                                .auc()
                                .estimate())
                .toArray();
    }

    private Scheme foldsLike(Scheme folds, long seed) {
        return seed == settings.seed() ? folds : foldsOf(seed, folds.name().equals(plan.across()));
    }

    private Scheme foldsOf(long seed, boolean otherWordings) {
        return otherWordings
                ? Scheme.acrossKinds(plan.across(), texts.cases(), texts.wordings(), seed)
                        .orElse(scheme)
                : ClassReadings.scheme(texts, plan, !settings.has(Flaw.UNGROUPED_FOLDS), seed);
    }

    private Reading keep(Reading reading) {
        all.add(reading);
        return reading;
    }
}
