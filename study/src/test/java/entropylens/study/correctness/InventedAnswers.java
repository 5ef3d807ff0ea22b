package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Invented answers, of which it is known what tells right from wrong.
final class InventedAnswers {
    static final Subject.About MODEL =
            new Subject.About("made up", "llama", 3, 100, OptionalLong.empty());

    final List<AnswerRow> answers = new ArrayList<>();
    final List<StoredText> texts = new ArrayList<>();

    /// Two tokens whose mean is the profile.
    void add(int number, boolean right, double[] profile, double margin) {
        String id = StudyPrompt.id(number);
        double[] logits = {1, 1 - margin, -9, -10};
        answers.add(
                new AnswerRow(
                        "correctness",
                        "made up",
                        id,
                        null,
                        "intact",
                        null,
                        0,
                        null,
                        new int[0],
                        logits,
                        0,
                        right ? 0 : 1,
                        right ? margin : -margin));
        double[][] entropy = new double[2][profile.length];
        for (int l = 0; l < profile.length; l++) {
            entropy[0][l] = profile[l] - 0.25;
            entropy[1][l] = profile[l] + 0.25;
        }
        TextRow row =
                new TextRow(
                        "correctness",
                        "made up",
                        id,
                        "group " + number / 2,
                        null,
                        null,
                        null,
                        null,
                        new int[] {1},
                        new int[] {2, 3},
                        null,
                        null);
        texts.add(new StoredText(row, 0, 1, Map.of("entropy", entropy)));
    }

    CorrectnessScores scores(Preset preset) {
        return CorrectnessScores.of(MODEL, answers, texts, TestSettings.of(preset));
    }

    /// Of 120 answers every other pair is right, and nothing tells which.
    void addUntold(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 120; i++) {
            double[] profile = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
            add(i, i / 2 % 2 == 0, profile, random.nextDouble());
        }
    }

    /// Of 120 answers every other pair is right. The middle layer tells which; the last layer and
    /// the margin are noise.
    void addTold() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 120; i++) {
            boolean right = i / 2 % 2 == 0;
            double[] profile = {
                random.nextDouble(), (right ? 1 : 2) + random.nextDouble(), random.nextDouble()
            };
            add(i, right, profile, random.nextDouble());
        }
    }
}
