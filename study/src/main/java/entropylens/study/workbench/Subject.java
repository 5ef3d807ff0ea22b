package entropylens.study.workbench;

import entropylens.chat.ChatForm;
import entropylens.family.LoadedModel;
import entropylens.lens.Profiler;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// A model under study, loaded.
///
/// @param name what the results call it
/// @param loaded the model
/// @param tokenizer its own
/// @param untrainedSeed seed of its weights where they are random: a control
/// @param ofTinytown whether it was trained on the text of Tinytown, in whose wordings and formats
///   studies ask
/// @param chat how its chat template writes the prompts of studies, where it does
/// @param lenses beside the logit lens, in the order of [StudySettings#lenses]
public record Subject(
        String name,
        LoadedModel loaded,
        Tokenizer tokenizer,
        OptionalLong untrainedSeed,
        boolean ofTinytown,
        Optional<ChatForm> chat,
        List<StudyLens> lenses) {
    public Subject {
        lenses = List.copyOf(lenses);
    }

    /// A model that is given prompts as they are.
    public Subject(
            String name,
            LoadedModel loaded,
            Tokenizer tokenizer,
            OptionalLong untrainedSeed,
            boolean ofTinytown) {
        this(name, loaded, tokenizer, untrainedSeed, ofTinytown, Optional.empty(), List.of());
    }

    /// The tokens of a prompt as this model is given it: with the special tokens that the tokenizer
    /// adds, or as a user's message, with those that the chat template writes.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when the template cannot be rendered
    public int[] encode(String prompt) {
        return encodeWritten(chat.map(form -> form.write(prompt)).orElse(prompt));
    }

    /// The tokens of a text that the chat template has written already, where there is one.
    public int[] encodeWritten(String text) {
        return chat.isPresent()
                ? tokenizer.encodeWithoutSpecialTokens(text)
                : tokenizer.encode(text);
    }

    public Model model() {
        return loaded.model();
    }

    Profiler profiler() {
        return new Profiler(model());
    }

    /// The model's own readout.
    public Unembed unembed() {
        return Unembed.of(model());
    }

    /// The id of the begin token.
    ///
    /// @throws StudyException when the model has none
    int begin() {
        if (loaded.beginIds().isEmpty()) {
            throw new StudyException(
                    "%s: its configuration names no begin token (bos_token_id), from which this study generates; add the key to config.json"
                            .formatted(name));
        }
        return loaded.beginIds().first();
    }

    /// What is known of it once it is no longer loaded.
    public About about() {
        return new About(
                name,
                model().config().family(),
                model().config().nLayers(),
                model().config().dVocab(),
                untrainedSeed,
                ofTinytown,
                Set.copyOf(loaded.stopIds()));
    }

    /// What reports say of a model.
    ///
    /// @param name what the results call it
    /// @param family architecture, as the program reads it
    /// @param blocks L
    /// @param vocabulary d_vocab
    /// @param untrainedSeed seed of its weights where they are random
    /// @param ofTinytown whether it was trained on the text of Tinytown
    /// @param stopIds tokens that end a text
    public record About(
            String name,
            String family,
            int blocks,
            int vocabulary,
            OptionalLong untrainedSeed,
            boolean ofTinytown,
            Set<Integer> stopIds) {
        /// A model of other text.
        public About(
                String name,
                String family,
                int blocks,
                int vocabulary,
                OptionalLong untrainedSeed) {
            this(name, family, blocks, vocabulary, untrainedSeed, false, Set.of());
        }

        /// What a verdict on it must not leave out: empty, or a sentence with a blank before it.
        ///
        /// @param what was in the text that it was trained on, as "these very questions"
        public String caution(String what) {
            return ofTinytown ? " (Trained on Tinytown, whose text has %s.)".formatted(what) : "";
        }

        public boolean untrained() {
            return untrainedSeed.isPresent();
        }

        /// The relative depths l / L of some layers.
        ///
        /// @param first of them, from 1
        public double[] depths(int first, int count) {
            return IntStream.range(first, first + count)
                    .mapToDouble(layer -> layer / (double) blocks)
                    .toArray();
        }
    }
}
