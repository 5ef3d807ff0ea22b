package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import entropylens.gguf.GgufModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds the tokenizer of a checkpoint: its `tokenizer.json`, or else the `vocab.json` and
/// `merges.txt` of GPT-2's byte-level BPE.
public final class Tokenizers {

    /// What others save instead, which needs Python to become a tokenizer.json.
    private static final List<String> OTHERS =
            List.of(
                    "tokenizer.model",
                    "spiece.model",
                    "sentencepiece.bpe.model",
                    "tiktoken.model",
                    "tekken.json",
                    "vocab.txt");

    private Tokenizers() {}

    /// The tokenizer in `directory`, if there is one in a form that is read; of a GGUF file, or a
    /// directory with one, that in the file.
    ///
    /// @throws CheckpointException when it is there, but cannot be used
    public static Optional<Tokenizer> find(Path directory) {
        Path json = directory.resolve(BytePairFiles.TOKENIZER);
        if (Files.exists(json)) {
            return Optional.of(DjlTokenizer.open(json));
        }
        Path vocabulary = directory.resolve(BytePairFiles.VOCABULARY);
        if (Files.exists(vocabulary) && Files.exists(directory.resolve(BytePairFiles.MERGES))) {
            return Optional.of(DjlTokenizer.open(vocabulary, BytePairFiles.read(directory)));
        }
        Optional<Path> gguf = GgufModel.find(directory);
        if (gguf.isPresent()) {
            Path file = gguf.get();
            return Optional.of(DjlTokenizer.open(file, GgufModel.tokenizerJson(file)));
        }
        return Optional.empty();
    }

    /// The tokenizer in `directory`, which must be there.
    ///
    /// @throws CheckpointException when it is not, with what to do, or cannot be used
    public static Tokenizer open(Path directory) {
        return find(directory)
                .orElseThrow(() -> missing(directory.resolve(BytePairFiles.TOKENIZER)));
    }

    /// Why `tokenizerJson` is not there, by what is there instead.
    static CheckpointException missing(Path tokenizerJson) {
        return new CheckpointException(
                "%s: is not there; %s"
                        .formatted(tokenizerJson, advice(tokenizerJson.resolveSibling(""))));
    }

    private static String advice(Path directory) {
        for (String other : OTHERS) {
            if (Files.exists(directory.resolve(other))) {
                return other + " alone is not read, " + conversion(directory);
            }
        }
        boolean vocabulary = Files.exists(directory.resolve(BytePairFiles.VOCABULARY));
        boolean merges = Files.exists(directory.resolve(BytePairFiles.MERGES));
        if (vocabulary || merges) {
            return "%s would do as well, but only with %s: download that too"
                    .formatted(
                            vocabulary ? BytePairFiles.VOCABULARY : BytePairFiles.MERGES,
                            vocabulary ? BytePairFiles.MERGES : BytePairFiles.VOCABULARY);
        }
        return "download it with the rest of the checkpoint";
    }

    /// How to make a tokenizer.json of what transformers can load.
    static String conversion(Path directory) {
        return "convert it with Python: from transformers import AutoTokenizer; AutoTokenizer.from_pretrained('%s').save_pretrained('%s')"
                .formatted(directory, directory);
    }
}
