package entropylens.zoo.town;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Writes a corpus as files for training: `train.jsonl`, `heldout.jsonl`, `choices.jsonl` and
/// `corpus.json`, which says what they are. Run by `zoo/write-corpus`.
public final class WriteCorpus {
    private static final JsonMapper JSON = new JsonMapper();

    private final Corpus corpus;
    private final Path directory;
    private final Set<Long> trainTexts = new HashSet<>();
    private final Set<Long> sentences = new HashSet<>();
    private final Map<String, Object> summary = new LinkedHashMap<>();

    private WriteCorpus(long seed, Path directory) {
        this.corpus = new Corpus(seed);
        this.directory = directory;
        summary.put("seed", seed);
    }

    /// Arguments: seed, documents to train on, held-out documents, questions, directory.
    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            System.err.println(
                    "usage: zoo/write-corpus SEED TRAIN_DOCUMENTS HELD_OUT_DOCUMENTS QUESTIONS DIRECTORY");
            System.exit(2);
        }
        WriteCorpus writer = new WriteCorpus(Long.parseLong(args[0]), Path.of(args[4]));
        Files.createDirectories(writer.directory);
        writer.documents("train", Integer.parseInt(args[1]), writer.corpus::train);
        writer.documents("heldout", Integer.parseInt(args[2]), writer.corpus::heldOut);
        writer.questions(Integer.parseInt(args[3]));
        writer.summary.put("distinct_sentences", writer.sentences.size());
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(writer.summary);
        Files.write(writer.directory.resolve("corpus.json"), json);
    }

    private void documents(String part, int count, IntFunction<Corpus.Document> make)
            throws IOException {
        boolean train = part.equals("train");
        Map<String, Integer> kinds = new TreeMap<>();
        long[] sums = new long[3];
        Iterator<Corpus.Document> documents = IntStream.range(0, count).mapToObj(make).iterator();
        try (HashedFile out = new HashedFile(directory.resolve(part + ".jsonl"))) {
            while (documents.hasNext()) {
                Corpus.Document document = documents.next();
                long hash = hash(document.text());
                if (train ? !trainTexts.add(hash) : trainTexts.contains(hash)) {
                    sums[2]++;
                    continue; // told before, word for word
                }
                kinds.merge(document.kind(), 1, Integer::sum);
                sums[0] += document.text().split("\\s+").length;
                sums[1] += document.text().length();
                for (String sentence : document.text().split("(?<=[.?!\n])")) {
                    sentences.add(hash(sentence.strip()));
                }
                out.line(JSON.writeValueAsString(document));
            }
            summary.put(
                    part,
                    Map.of(
                            "documents",
                            kinds.values().stream().mapToInt(i -> i).sum(),
                            "by_kind",
                            kinds,
                            "words",
                            sums[0],
                            "characters",
                            sums[1],
                            "dropped_as_repeated",
                            sums[2],
                            "sha256",
                            out.sha256()));
        }
    }

    private void questions(int count) throws IOException {
        try (HashedFile out = new HashedFile(directory.resolve("choices.jsonl"))) {
            for (int i = 0; i < count; i++) {
                Choice choice = corpus.question(i);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("id", choice.about() + "-" + i);
                line.put("about", choice.about());
                line.put("key", choice.key());
                line.put("prompt", choice.prompt());
                line.put("options", choice.options());
                line.put("answer", choice.answer());
                out.line(JSON.writeValueAsString(line));
            }
            summary.put("choices", Map.of("questions", count, "sha256", out.sha256()));
        }
    }

    private static long hash(String text) {
        long hash = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /// A file of lines, and the hash of its bytes.
    private static final class HashedFile implements AutoCloseable {
        private final BufferedWriter out;
        private final MessageDigest digest;

        HashedFile(Path file) throws IOException {
            out = Files.newBufferedWriter(file);
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }

        void line(String line) throws IOException {
            out.write(line);
            out.write('\n');
            digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        String sha256() {
            return HexFormat.of().formatHex(digest.digest());
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
