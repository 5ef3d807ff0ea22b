package entropylens.study.workbench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// What can be chosen about studies.
///
/// @param preset the sizes and protocols that hold where nothing else is chosen
/// @param samples texts per model
/// @param tokens to generate per text
/// @param temperature of the sampling
/// @param seed of every random number
/// @param batch texts that run together
/// @param inputs files of the user's
/// @param corrected flaws of the published code that are left out, in the preset of the paper
/// @param chat how prompts are written with chat templates, where they are
/// @param lenses that are looked through beside the logit lens
public record StudySettings(
        Preset preset,
        OptionalInt samples,
        OptionalInt tokens,
        OptionalDouble temperature,
        long seed,
        int batch,
        StudyInputs inputs,
        Set<Flaw> corrected,
        Optional<ChatUse> chat,
        StudyLenses lenses) {
    public StudySettings {
        if (preset != Preset.PAPER && !corrected.isEmpty()) {
            throw new IllegalArgumentException(
                    "flaws of the published code (%s) can be corrected in preset paper alone, not in %s"
                            .formatted(Flaw.list(corrected), preset.word()));
        }
        corrected = Set.copyOf(corrected);
    }

    /// Without corrections and chat templates.
    public StudySettings(
            Preset preset,
            OptionalInt samples,
            OptionalInt tokens,
            OptionalDouble temperature,
            long seed,
            int batch,
            StudyInputs inputs) {
        this(
                preset,
                samples,
                tokens,
                temperature,
                seed,
                batch,
                inputs,
                Set.of(),
                Optional.empty(),
                StudyLenses.NONE);
    }

    /// The same with flaws corrected.
    public StudySettings correcting(Set<Flaw> flaws) {
        return new StudySettings(
                preset, samples, tokens, temperature, seed, batch, inputs, flaws, chat, lenses);
    }

    /// The same with prompts written with chat templates.
    public StudySettings inChat(ChatUse use) {
        return new StudySettings(
                preset,
                samples,
                tokens,
                temperature,
                seed,
                batch,
                inputs,
                corrected,
                Optional.of(use),
                lenses);
    }

    /// The same, looked at through lenses beside the logit lens.
    public StudySettings through(List<String> labels) {
        return through(new StudyLenses(labels, lenses.nulls()));
    }

    /// The same with nulls beside every lens.
    public StudySettings withNulls() {
        return through(new StudyLenses(lenses.labels(), true));
    }

    private StudySettings through(StudyLenses more) {
        return new StudySettings(
                preset, samples, tokens, temperature, seed, batch, inputs, corrected, chat, more);
    }

    /// A sentence on chat templates with a blank before it, for reports; empty where none is used.
    public String chatInWords() {
        return chat.isPresent() ? " Prompts are plain text, %s.".formatted(promptsInWords()) : "";
    }

    /// How prompts are given, for reports: goes on a sentence on them.
    public String promptsInWords() {
        return ChatUse.inWords(chat);
    }

    /// Whether a flaw of the published code is kept.
    public boolean has(Flaw flaw) {
        return preset == Preset.PAPER && !corrected.contains(flaw);
    }

    /// Texts per model: those asked for, or else the preset's.
    public int samples(int paper, int sound, int quick) {
        return samples.orElse(preset.choose(paper, sound, quick));
    }

    /// Tokens per text: those asked for, or else the preset's.
    public int tokens(int paper, int sound, int quick) {
        return tokens.orElse(preset.choose(paper, sound, quick));
    }

    /// The temperature asked for, or else the study's own.
    public double temperature(double otherwise) {
        return temperature.orElse(otherwise);
    }

    /// Draws of a bootstrap.
    public int draws() {
        return preset.choose(2000, 2000, 1000);
    }
}
