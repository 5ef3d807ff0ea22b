package entropylens.tokenizer;

/// Text to token ids and back. Implementations are immutable: any number of threads may share one.
public interface Tokenizer {

    /// The ids of `text`, with the special tokens that the tokenizer itself adds (its
    /// post-processor), as Hugging Face does by default: a Llama tokenizer puts BOS in front, that
    /// of GPT-2 adds nothing. Never truncated, never padded. A special token that is spelled out in
    /// the text becomes that token; an unpaired surrogate is read as U+FFFD.
    int[] encode(String text);

    /// The ids of `text` alone: no special token is added.
    int[] encodeWithoutSpecialTokens(String text);

    /// The plain text of `ids`, special tokens left out. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// @throws IllegalArgumentException when an id is not in the vocabulary
    String decode(int[] ids);

    /// How the token `id` is shown in a table: its text with the space that it may begin with;
    /// control and invisible characters as `\n` or `\u200B`; bytes that are no whole character as
    /// `<0xE2>`; special tokens by their name. An id that is not in the vocabulary is shown as
    /// `<unused 50300>`, for the unembedding may have more rows than the vocabulary has entries,
    /// and the lens ranks them all.
    ///
    /// @throws IllegalArgumentException when `id` is negative
    String token(int id);

    /// The bytes of text that the token `id` stands for behind other tokens, with the space that it
    /// may begin with: a whole character, several, or a part of one. Of a special token, and of an
    /// id that is not in the vocabulary, those of its name, as [#token] shows it.
    ///
    /// @throws IllegalArgumentException when `id` is negative
    byte[] bytes(int id);

    /// One more than the highest id. The vocabulary may have holes: [#contains] knows.
    int size();

    /// Whether `id` is in the vocabulary.
    boolean contains(int id);

    /// A new, empty stream of text.
    TextStream stream();
}
