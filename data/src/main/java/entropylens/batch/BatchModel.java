package entropylens.batch;

import entropylens.EntropyLens;
import entropylens.chat.ChatForm;
import entropylens.data.ModelRow;
import entropylens.lens.Lens;
import entropylens.lens.Prompt;
import entropylens.model.DecoderConfig;
import entropylens.tokenizer.Tokenizers;
import java.util.Optional;
import java.util.Set;

/// A model that prompts are run through.
///
/// @param name what the results call it
/// @param chat how its chat template writes the prompts, where it does
/// @param through what each layer is looked at
public record BatchModel(String name, EntropyLens lens, Optional<ChatForm> chat, Lens through) {
    /// A model that is looked at through the logit lens.
    public BatchModel(String name, EntropyLens lens, Optional<ChatForm> chat) {
        this(name, lens, chat, Lens.LOGIT);
    }

    /// A model that is given the prompts as they are.
    public BatchModel(String name, EntropyLens lens) {
        this(name, lens, Optional.empty());
    }

    /// How it reads prompts.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when it has no tokenizer
    public PromptReader reader() {
        return new PromptReader(
                lens.tokenizer().orElseGet(() -> Tokenizers.open(lens.loaded().directory())), chat);
    }

    Set<Integer> stopIds() {
        return lens.loaded().stopIds();
    }

    ModelRow row() {
        DecoderConfig config = lens.model().config();
        return new ModelRow(
                name,
                config.family(),
                config.nLayers(),
                config.dVocab(),
                lens.loaded().parameters(),
                null);
    }

    /// Why a text cannot be measured, if it cannot.
    ///
    /// @param tokens generated after it
    Optional<String> problem(Prompt prompt, int tokens) {
        return PromptTokens.problem(lens.model().config(), prompt, tokens);
    }
}
