package entropylens.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The entries by id, which of them are special, and how they become text.
final class Vocabulary {

    private final @Nullable String[] entries;
    private final BitSet special;
    private final Optional<TokenDecoder> decoder;

    /// @param entries entry by id, null in the holes
    /// @param decoder of single entries; empty where only a whole text can be decoded
    Vocabulary(List<@Nullable String> entries, BitSet special, Optional<TokenDecoder> decoder) {
        this.entries = entries.toArray(new @Nullable String[0]);
        this.special = (BitSet) special.clone();
        this.decoder = decoder;
    }

    /// Whether entries are decoded one by one.
    boolean isStreamed() {
        return decoder.isPresent();
    }

    int size() {
        return entries.length;
    }

    boolean contains(int id) {
        return id >= 0 && id < entries.length && entries[id] != null;
    }

    String require(int id) {
        String entry = id >= 0 && id < entries.length ? entries[id] : null;
        if (entry == null) {
            throw new IllegalArgumentException(
                    "token id %d is not in the vocabulary, whose ids run from 0 to %d%s"
                            .formatted(
                                    id,
                                    entries.length - 1,
                                    id >= 0 && id < entries.length ? " with holes" : ""));
        }
        return entry;
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    String shown(int id) {
        return isNamed(id) ? name(id) : Utf8.shown(bytes(id));
    }

    /// The bytes of text that an entry stands for; of what has only a name, those of the name.
    byte[] bytes(int id) {
        if (isNamed(id)) {
            return name(id).getBytes(StandardCharsets.UTF_8);
        }
        TokenDecoder one = decoder.orElseThrow();
        boolean alone = one instanceof TokenDecoder.Words; // else a leading space is text
        return one.bytes(require(id), alone);
    }

    private boolean isNamed(int id) {
        return !contains(id) || isSpecial(id) || decoder.isEmpty();
    }

    private String name(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("token id %d is negative".formatted(id));
        }
        return contains(id) ? require(id) : "<unused %d>".formatted(id);
    }

    TextStream stream() {
        return new Stream(decoder.orElseThrow());
    }

    private final class Stream implements TextStream {
        private final Utf8 utf8 = new Utf8();
        private final TokenDecoder decoder;
        private boolean first = true;
        private boolean ended;
        private int spacesToStrip;

        Stream(TokenDecoder decoder) {
            this.decoder = decoder;
            spacesToStrip = decoder.spacesToStrip();
        }

        @Override
        public String add(int id) {
            if (ended) {
                throw new IllegalStateException("the stream has ended; open another one");
            }
            String entry = require(id);
            if (isSpecial(id)) {
                return "";
            }
            var out = new StringBuilder();
            for (byte b : decoder.bytes(entry, first)) {
                utf8.add(b, out);
            }
            first = false;
            return stripped(out);
        }

        @Override
        public String end() {
            ended = true;
            var out = new StringBuilder();
            utf8.end(out);
            return stripped(out);
        }

        private String stripped(StringBuilder piece) {
            int spaces = 0;
            while (spaces < Math.min(spacesToStrip, piece.length())
                    && piece.charAt(spaces) == ' ') {
                spaces++;
            }
            if (!piece.isEmpty()) {
                spacesToStrip = spaces == piece.length() ? spacesToStrip - spaces : 0;
            }
            return piece.substring(spaces);
        }
    }
}
