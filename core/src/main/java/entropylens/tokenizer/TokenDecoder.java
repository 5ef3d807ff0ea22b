package entropylens.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The "decoder" of a tokenizer.json: which bytes of text an entry of the vocabulary stands for.
/// Only decoders that look at one token at a time are here, for only those can be streamed; that
/// covers byte-level BPE (GPT-2, Llama 3, Qwen ...) and SentencePiece (Llama 2, Mistral, Gemma
/// ...).
sealed interface TokenDecoder {

    /// The bytes of `entry`; `first` if no other token that is not special came before it.
    byte[] bytes(String entry, boolean first);

    /// How many spaces are taken off the beginning of the whole text.
    default int spacesToStrip() {
        return 0;
    }

    /// Each character of an entry is one byte, in GPT-2's alphabet. An entry with any other
    /// character (an added token) is its own text.
    record ByteLevel() implements TokenDecoder {

        /// Character to byte, -1 for other characters: printable Latin-1 stands for itself, the 68
        /// remaining bytes follow in order from U+0100 on.
        private static final short[] BYTE_OF = new short[256 + 68];

        static {
            Arrays.fill(BYTE_OF, (short) -1);
            int next = 256;
            for (int b = 0; b < 256; b++) {
                boolean itself = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
                BYTE_OF[itself ? b : next++] = (short) b;
            }
        }

        @Override
        public byte[] bytes(String entry, boolean first) {
            var bytes = new ByteArrayOutputStream(entry.length());
            for (int i = 0; i < entry.length(); i++) {
                char c = entry.charAt(i);
                if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
                    return utf8(entry);
                }
                bytes.write(BYTE_OF[c]);
            }
            return bytes.toByteArray();
        }
    }

    /// SentencePiece as converted by Hugging Face: replacements (`▁` by a space), then `<0xE2>` as
    /// a byte if `byteFallback`, then spaces off the beginning of the whole text.
    record Pieces(List<Replacement> replacements, boolean byteFallback, int spacesToStrip)
            implements TokenDecoder {

        @Override
        public byte[] bytes(String entry, boolean first) {
            String text = entry;
            for (Replacement replacement : replacements) {
                text = text.replace(replacement.pattern(), replacement.content());
            }
            return byteFallback && isByte(text)
                    ? new byte[] {(byte) HexFormat.fromHexDigits(text, 3, 5)}
                    : utf8(text);
        }

        private static boolean isByte(String text) {
            return text.length() == 6
                    && text.startsWith("<0x")
                    && text.endsWith(">")
                    && HexFormat.isHexDigit(text.charAt(3))
                    && HexFormat.isHexDigit(text.charAt(4));
        }
    }

    /// Literal text and what stands in its place.
    record Replacement(String pattern, String content) {}

    /// SentencePiece as `Metaspace`: `mark` is a space, but nothing in the first token if the
    /// encoder put it there.
    record Metaspace(String mark, boolean prepended) implements TokenDecoder {

        @Override
        public byte[] bytes(String entry, boolean first) {
            return utf8(entry.replace(mark, first && prepended ? "" : " "));
        }
    }

    /// No decoder: the entries, with a space between any two.
    record Words() implements TokenDecoder {

        @Override
        public byte[] bytes(String entry, boolean first) {
            return utf8(first ? entry : " " + entry);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
