package entropylens.study.correctness;

import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;

/// How often an effect of known size is found, beside how often the evidence says that it would be:
/// invented answers to 160 questions on 80 texts, 80 of them right, whose profiles differ in one of
/// four layers. Run it by hand, with tools/check-false-findings.sh.
final class PlantedEffect {
    private static final int QUESTIONS = 160;
    private static final int LAYERS = 4;
    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    private PlantedEffect() {}

    /// @param arguments how many runs of each size
    public static void main(String... arguments) {
        int runs = Integer.parseInt(arguments[0]);
        for (double effect : new double[] {0, 0.4, 0.6, 0.8, 1}) {
            System.out.println(measured(effect, runs));
        }
    }

    private static String measured(double effect, int runs) {
        List<Verdict> verdicts =
                IntStream.range(0, runs).mapToObj(run -> verdict(effect, run)).toList();
        double auc = mean(verdicts, Verdict::value);
        double detectable = mean(verdicts, verdict -> verdict.evidence().detectable());
        double predicted = mean(verdicts, verdict -> power(verdict, auc));
        double found = mean(verdicts, verdict -> verdict.outcome() == Outcome.SUPPORTED ? 1 : 0);
        return String.format(
                Locale.ROOT,
                "planted %.1f standard deviations: AUC %.3f on average, detectable from %.3f; found in %.1f %% of %d runs, predicted %.1f %%",
                effect,
                auc,
                detectable,
                100 * found,
                runs,
                100 * predicted);
    }

    private static double mean(List<Verdict> verdicts, ToDoubleFunction<Verdict> of) {
        return verdicts.stream().mapToDouble(of).average().orElseThrow();
    }

    /// Of the interval's lower end above what decides, where the true AUC is the mean of all runs.
    private static double power(Verdict verdict, double auc) {
        double error =
                (verdict.evidence().detectable() - verdict.threshold())
                        / Interval.detectableErrors(Intervals.LEVEL);
        double needed =
                Math.max(
                        verdict.threshold() + Interval.halfWidthErrors(Intervals.LEVEL) * error,
                        verdict.evidence().worth());
        return NORMAL.cumulativeProbability((auc - needed) / error);
    }

    private static Verdict verdict(double effect, int run) {
        SplittableRandom random = new SplittableRandom(run);
        InventedAnswers invented = new InventedAnswers();
        for (int i = 0; i < QUESTIONS; i++) {
            boolean right = i / 2 % 2 == 0;
            double[] profile =
                    IntStream.range(0, LAYERS).mapToDouble(_ -> random.nextGaussian()).toArray();
            profile[1] += right ? effect : 0;
            invented.add(i, right, profile, random.nextDouble());
        }
        return new CorrectnessVerdicts(invented.scores(Preset.QUICK), Optional.empty())
                .all()
                .getFirst();
    }
}
