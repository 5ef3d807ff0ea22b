package entropylens.study.skip;

import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import java.util.List;
import java.util.stream.IntStream;

/// How much of the study of skipping is done on a model.
///
/// @param questions to answer, at most
/// @param texts to measure ΔH on, and as many to predict, at most
/// @param ks numbers of blocks to skip; empty where a model has too few blocks
/// @param parts what of them is skipped
/// @param draws random choices for each k
/// @param controls whether random blocks and single blocks are skipped at all
record SkipDesign(
        int questions,
        int texts,
        List<Integer> ks,
        List<SkipPart> parts,
        int draws,
        boolean controls) {
    /// Below, there is only one block whose ΔH is known, or none.
    private static final int MIN_BLOCKS = 3;

    /// More numbers of blocks than these say little more about a curve.
    private static final int MAX_KS = 8;

    private static final int FEW = 3;

    static SkipDesign of(StudySettings settings, int blocks) {
        Preset preset = settings.preset();
        return new SkipDesign(
                questions(settings),
                preset.choose(64, 64, 24),
                blocks < MIN_BLOCKS ? List.of() : ks(preset, blocks / 2),
                preset == Preset.SOUND ? List.of(SkipPart.values()) : List.of(SkipPart.BLOCK),
                preset.choose(0, 3, 2),
                preset != Preset.PAPER);
    }

    static int questions(StudySettings settings) {
        return settings.samples(400, 400, 80);
    }

    private static List<Integer> ks(Preset preset, int most) {
        return switch (preset) {
            case PAPER -> IntStream.rangeClosed(1, Math.min(FEW, most)).boxed().toList();
            case SOUND -> spread(most);
            case QUICK -> IntStream.iterate(1, k -> k <= most, k -> 2 * k).boxed().toList();
        };
    }

    /// All from 1 to `most`, or as many as are enough, evenly spread.
    static List<Integer> spread(int most) {
        int count = Math.min(most, MAX_KS);
        return IntStream.range(0, count)
                .map(i -> 1 + (int) Math.round(i * (most - 1.0) / Math.max(1, count - 1)))
                .boxed()
                .toList();
    }

    boolean possible() {
        return !ks.isEmpty();
    }
}
