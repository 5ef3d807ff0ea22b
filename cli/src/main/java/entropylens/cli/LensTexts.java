package entropylens.cli;

import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import entropylens.family.LoadedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The texts that a lens is fitted on, and those that are held out: every tenth, or else the last.
///
/// @param fitted tokens of each text
/// @param heldOut likewise
/// @param leftOut texts of too few tokens
record LensTexts(List<int[]> fitted, List<int[]> heldOut, int leftOut) {
    private static final int EVERY = 10;

    /// @param length tokens of a text that are used, from its beginning
    /// @param skipped positions of a text that are left out
    /// @throws CliException when a row holds no text, or fewer than two texts are long enough
    static LensTexts read(
            List<Prompts.Source> files,
            @Nullable String column,
            LoadedModel loaded,
            ModelText text,
            int length,
            int skipped) {
        List<int[]> all = new ArrayList<>();
        int leftOut = 0;
        try (Prompts prompts = new Prompts(files, Optional.ofNullable(column), Optional.empty())) {
            for (PromptRow row = prompts.next(); row != null; row = prompts.next()) {
                int[] ids = ids(row, loaded, text);
                if (ids.length > skipped) {
                    all.add(ids.length > length ? Arrays.copyOf(ids, length) : ids);
                } else {
                    leftOut++;
                }
            }
        }
        if (all.size() < 2) {
            throw new CliException(
                    "--prompts has %d texts of more than %d tokens, but a lens needs at least 2: one is held out"
                            .formatted(all.size(), skipped));
        }
        return parted(all, leftOut);
    }

    private static int[] ids(PromptRow row, LoadedModel loaded, ModelText text) {
        String prompt = row.prompt();
        if (prompt == null) {
            throw new CliException("%s, %s: %s".formatted(row.file(), row.where(), row.problem()));
        }
        return PromptOptions.requireInVocabulary(
                text.encode(prompt), loaded, PromptOptions.OTHER_VOCABULARY);
    }

    private static LensTexts parted(List<int[]> all, int leftOut) {
        List<int[]> fitted = new ArrayList<>();
        List<int[]> heldOut = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean out = i % EVERY == EVERY - 1 || (all.size() < EVERY && i == all.size() - 1);
            (out ? heldOut : fitted).add(all.get(i));
        }
        return new LensTexts(fitted, heldOut, leftOut);
    }
}
