package entropylens.study.tellapart;

import entropylens.lens.Statistic;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import entropylens.zoo.town.Format;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Claim (iii), second part: profiles tell output formats apart, for every order of the entropy.
public final class Formats implements Study {
    /// As on the command line.
    public static final String ID = "formats";

    /// Of the headline, as in the paper.
    static final int WINDOWS = 8;

    /// Read one by one, of the last layer.
    private static final int MAX_TOKENS = 64;

    /// Orders of the Rényi entropies; 1 is Shannon's. The paper has ½, 1 and 5.
    static final List<Double> ORDERS = List.of(0.0, 0.5, 1.0, 2.0, 5.0, Double.POSITIVE_INFINITY);

    static final ClassPlan PLAN =
            new ClassPlan(
                    ID,
                    Arrays.stream(Format.values()).map(FormatPrompts::label).toList(),
                    "output formats",
                    "topics",
                    "topic",
                    List.of(5, 3, 7),
                    true,
                    "0.966 to 0.987 for gemma-2-2b-it, stable over the order α = ½, 1, 5 (as summarised of arXiv 2502.16570 v3; not verified)");

    private final StudySettings settings;
    private final ClassWordings wordings;

    /// Reads the user's wordings, if there are any.
    ///
    /// @throws entropylens.data.DataException that names file and place
    public Formats(StudySettings settings) {
        this.settings = settings;
        this.wordings = ClassWordings.ofFormats(settings);
        if (wordings.own() && settings.corrected().contains(Flaw.ONE_WORDING)) {
            throw new StudyException(
                    "--correct %s changes nothing: the wordings of %s are all asked; leave it out"
                            .formatted(
                                    Flaw.ONE_WORDING.word(),
                                    settings.inputs().wordings().orElseThrow()));
        }
    }

    @Override
    public boolean prompts() {
        return true;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public List<Statistic> statistics() {
        return ORDERS.stream().filter(order -> order != 1).map(Statistic::renyi).toList();
    }

    /// The column that holds the entropy of an order.
    static String column(double order) {
        return order == 1 ? ClassConclusion.ENTROPY : Statistic.renyi(order).column();
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        List<StudyPrompt> prompts = FormatPrompts.of(subject, settings, wordings);
        int tokens = FormatPrompts.tokens(subject, prompts, wantedTokens(settings));
        bench.profile(
                ID,
                subject,
                prompts,
                new Protocol(
                        tokens, settings.temperature(0), Protocol.STATISTICS.with(statistics())));
    }

    /// What is told apart, with the corrections of a run.
    static ClassPlan plan(StudySettings settings) {
        return PLAN.correctedBy(settings);
    }

    private Optional<PromptEffect> effect(Flaw flaw, LabelledTexts texts) {
        return flaw == Flaw.ONE_WORDING && wordings.own()
                ? Optional.of(new PromptEffect("wordings of the user's that are not asked", 0))
                : Optional.empty();
    }

    static int wantedTokens(StudySettings settings) {
        return settings.tokens(256, 256, 48);
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        return new ClassConclusion(
                        plan(settings).knownAs(wordings.known("chats, poems and notes")),
                        settings,
                        wordings,
                        ORDERS.stream().map(Formats::column).toList(),
                        Formats::features,
                        this::effect)
                .of(subjects, bench, new FormatsSection(settings, wordings));
    }

    /// The lengths are those of the prompt and of the text: formats that end by themselves differ
    /// in how long they are.
    static ClassFeatures features(LabelledTexts texts) {
        double[][] lengths =
                texts.texts().stream()
                        .map(text ->
                                new double[] {
                                    LabelledTexts.prompted(text), LabelledTexts.generated(text)
                                })
                        .toArray(double[][]::new);
        return ClassFeatures.of(
                texts, "lengths of prompt and text", lengths, WINDOWS, WINDOWS, MAX_TOKENS);
    }
}
