package entropylens.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A stream of a decoder that must see the whole text: after each token the text is decoded anew,
/// and what follows what was returned before is returned. Where a token changes what was returned,
/// the change is lost; the text as a whole comes from [Tokenizer#decode].
final class WholeTextStream implements TextStream {
    private final Vocabulary vocabulary;
    private final Function<int[], String> decode;
    private final List<Integer> ids = new ArrayList<>();
    private int returned;
    private boolean ended;

    WholeTextStream(Vocabulary vocabulary, Function<int[], String> decode) {
        this.vocabulary = vocabulary;
        this.decode = decode;
    }

    @Override
    public String add(int id) {
        if (ended) {
            throw new IllegalStateException("the stream has ended; open another one");
        }
        vocabulary.require(id);
        if (vocabulary.isSpecial(id)) {
            return "";
        }
        ids.add(id);
        String text = text();
        // bytes that are no whole character yet
        return text.endsWith("\uFFFD") ? "" : rest(text);
    }

    @Override
    public String end() {
        ended = true;
        return rest(text());
    }

    /// All of it so far.
    String text() {
        return decode.apply(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private String rest(String text) {
        String rest = text.substring(Math.min(returned, text.length()));
        returned = Math.max(returned, text.length());
        return rest;
    }
}
