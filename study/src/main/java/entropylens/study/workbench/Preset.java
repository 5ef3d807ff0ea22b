package entropylens.study.workbench;

import java.util.Locale;

/// How a study is done.
public enum Preset {
    /// The procedure of the published code, its flaws included, with wordings of our own;
    /// docs/method.md says what differs.
    PAPER,
    /// Ours: as the paper's where that holds, with the controls that it lacks.
    SOUND,
    /// As SOUND, with few texts: a minute or so on a small model.
    QUICK;

    /// As on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// One of three values.
    public <T> T choose(T paper, T sound, T quick) {
        return switch (this) {
            case PAPER -> paper;
            case SOUND -> sound;
            case QUICK -> quick;
        };
    }
}
