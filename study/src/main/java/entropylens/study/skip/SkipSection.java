package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.report.Section;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.List;

/// How the report shows skipped blocks.
final class SkipSection {
    private final StudySettings settings;
    private final QuestionSet questions;
    private final List<SkipMeasures> models = new ArrayList<>();

    SkipSection(StudySettings settings, QuestionSet questions) {
        this.settings = settings;
        this.questions = questions;
    }

    void add(SkipMeasures measures) {
        models.add(measures);
    }

    Section build() {
        return new Section(
                Skipping.ID,
                "Do expansion blocks matter more than pruning blocks?",
                protocol(),
                models.isEmpty() ? List.of() : new SkipCharts(models).all(),
                models.isEmpty() ? List.of() : new SkipTables(models).all(),
                notes());
    }

    private List<String> protocol() {
        SkipDesign design = SkipDesign.of(settings, Integer.MAX_VALUE);
        List<String> protocol = new ArrayList<>();
        protocol.add(
                "%s, %s. Prompt: %s.%s The answer is the letter with the largest logit after it, of the four tokens that write %s, as in lm-evaluation-harness; nothing is generated."
                        .formatted(
                                questions.source(),
                                questions.shotsInWords(),
                                MultipleChoice.FORMAT,
                                settings.chatInWords(),
                                settings.chat().isPresent() ? "a letter" : "a space and a letter"));
        protocol.add(
                "%s%s. At every position of these texts, given in full and at most 256 tokens long; then the mean over positions and over texts. ΔH of block l is the entropy after it less that after block l − 1. That of block 1 starts from the embedding, which is not part of a profile; it is in the tables of single blocks only, and block 1 is never chosen, not at random either."
                        .formatted(
                                PlainTexts.of(settings, questions, design.texts()).source(),
                                settings.chat().isPresent()
                                        ? "; these texts are no prompts, and no chat template writes them"
                                        : ""));
        protocol.add(
                "Skipped are the k blocks of largest mean ΔH (expansion) or of most negative mean ΔH (pruning): resid_post := resid_pre, and no keys and values are written. With half of the blocks skipped the two may share a block."
                        + (design.parts().size() > 1
                                ? " Attention only: resid_mid := resid_pre. MLP only: resid_post := resid_mid. In parallel blocks the respective term is left out."
                                : ""));
        if (design.controls()) {
            protocol.add(
                    "Controls, the mean over %d different draws (fewer where there are fewer): k random blocks; and blocks of the other kind near the chosen ones: an expanding block is replaced by one that does not expand, a pruning block by one that expands, with weights of one by the distance. Where the other kind has too few blocks there is no such control, and averages are over the other k. All parts skip the same random blocks."
                            .formatted(design.draws()));
        }
        protocol.add(
                "Intervals: percentile bootstrap over questions (those on one text or fact together), or over texts; differences are paired. McNemar: exact, against the intact model, for each choice; Holm's correction over the values of k. These are descriptions: they say nothing of other blocks. The verdicts rest on single blocks, each skipped by itself: the partial rank correlation of ΔH with the cost, given depth, and given also the norm of the block's update and the cosine of its input and output (one less it is ShortGPT's Block Influence; means over positions and texts); and the cost of expanding blocks less that of pruning ones, given depth. Their p exchanges blocks, their intervals are over blocks and texts (Fisher's z; Student's t). The test of a partial rank correlation is that of the coefficient in a regression of ranks on all that is held fixed. Where the intact model's interval reaches down to guessing, accuracy decides nothing.");
        if (settings.preset() == Preset.PAPER) {
            protocol.add(
                    "Preset paper: which numbers of blocks the paper skips, on which texts it measures ΔH and whether it has controls is not known to us. Here: few blocks, whole blocks, and no random choice. Known flaw: which blocks expand depends on how deep they are, so without blocks as deep a difference may be one of depth.");
        }
        return protocol;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(questions.notes());
        for (SkipMeasures model : models) {
            String name = model.about().name();
            if (!model.expands()) {
                notes.add(
                        "%s: no block has a positive mean ΔH; the blocks of “largest ΔH” are those that prune least."
                                .formatted(name));
            }
            List<Integer> shared = model.design().ks().stream().filter(model::overlaps).toList();
            if (!shared.isEmpty()) {
                notes.add(
                        "%s: at k = %s the expansion and the pruning set share blocks."
                                .formatted(name, SkipVerdicts.numbers(shared)));
            }
            if (!model.knowsSomething()) {
                notes.add(
                        "%s answers no better than guessing; read the loss instead."
                                .formatted(name));
            }
        }
        notes.add(
                "McNemar's test takes questions as independent; where several share a text or a fact, the bootstrap's intervals are the more careful ones.");
        return notes;
    }
}
