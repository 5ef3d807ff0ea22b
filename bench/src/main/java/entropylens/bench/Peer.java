package entropylens.bench;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.kernels.Phase;
import entropylens.lens.LogitLens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The jobs that `tools/peers.py` gives to programs in turn, done by this one. It is started once
/// with a checkpoint, answers `ready`, and then each line of jobs with a line of JSON: seconds, ids
/// and entropies.
///
/// Jobs: `alone TOKENS`, `together TEXTS TOKENS`, `forward TOKENS` (no read-outs), `readout FILE`
/// (of float32 rows).
public final class Peer {
    private static final int[] PROMPT = {464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13};

    private final Profiler profiler;
    private final Model model;

    private Peer(Model model) {
        this.model = model;
        this.profiler = new Profiler(model);
    }

    /// Arguments: DIRECTORY THREADS
    public static void main(String[] args) throws IOException {
        int threads = Integer.parseInt(args[1]);
        try (EntropyLens lens = EntropyLens.open(Path.of(args[0]), LoadOptions.NONE, threads);
                BufferedReader jobs =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Peer peer = new Peer(lens.model());
            System.out.printf("{\"ready\": \"entropy-lens, %s\"}%n", lens.kernels());
            for (String job = jobs.readLine(); job != null; job = jobs.readLine()) {
                System.out.println(peer.answer(job.split(" ")));
            }
        }
    }

    private String answer(String[] job) throws IOException {
        return switch (job[0]) {
            case "alone" -> profiles(prompts(1), Integer.parseInt(job[1]));
            case "together" ->
                    profiles(prompts(Integer.parseInt(job[1])), Integer.parseInt(job[2]));
            case "forward" -> forward(Integer.parseInt(job[1]));
            case "readout" -> readout(Path.of(job[1]));
            default -> throw new IllegalArgumentException("no job is called " + job[0]);
        };
    }

    /// Prompts that differ in their first token.
    private static List<int[]> prompts(int texts) {
        return IntStream.range(0, texts)
                .mapToObj(i -> {
                    int[] prompt = PROMPT.clone();
                    prompt[0] += i;
                    return prompt;
                })
                .toList();
    }

    private String profiles(List<int[]> prompts, int tokens) {
        ProfileRequest request =
                new ProfileRequest(Positions.greedy(tokens, Set.of()), ReadoutRequest.ENTROPY);
        long start = System.nanoTime();
        List<TextProfile> profiles =
                profiler.profile(prompts, request, prompts.size(), Progress.NONE);
        double seconds = 1e-9 * (System.nanoTime() - start);
        return json(
                seconds,
                profiles.stream()
                        .flatMapToInt(profile -> Arrays.stream(profile.generatedIds()))
                        .toArray(),
                profiles.stream()
                        .flatMapToDouble(profile -> Arrays.stream(profile.readouts().entropy()))
                        .toArray());
    }

    private String forward(int tokens) {
        Unembed unembed = Unembed.of(model);
        int[] ids = new int[tokens];
        long start = System.nanoTime();
        Session session = model.newSession(PROMPT.length + tokens);
        int[] feed = PROMPT;
        for (int i = 0; i < tokens; i++) {
            Batch batch = new Batch();
            batch.add(session, feed);
            float[] rows = model.forward(batch);
            int d = model.config().dModel();
            float[] last = Arrays.copyOfRange(rows, rows.length - d, rows.length);
            ids[i] = largest(unembed.logits(last, 1, Phase.ALONE));
            feed = new int[] {ids[i]};
        }
        return json(1e-9 * (System.nanoTime() - start), ids, new double[0]);
    }

    private static int largest(float[] logits) {
        int at = 0;
        for (int i = 1; i < logits.length; i++) {
            at = logits[i] > logits[at] ? i : at;
        }
        return at;
    }

    private String readout(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] rows = new float[bytes.capacity() / Float.BYTES];
        bytes.asFloatBuffer().get(rows);
        LogitLens lens = new LogitLens(Unembed.of(model));
        int count = rows.length / model.config().dModel();
        long start = System.nanoTime();
        double[] entropy = lens.read(rows, count, ReadoutRequest.ENTROPY).entropy();
        return json(1e-9 * (System.nanoTime() - start), new int[0], entropy);
    }

    private static String json(double seconds, int[] ids, double[] entropy) {
        List<String> numbers = new ArrayList<>();
        Arrays.stream(entropy).mapToObj(String::valueOf).forEach(numbers::add);
        return "{\"seconds\": %s, \"ids\": [%s], \"entropy\": [%s]}"
                .formatted(
                        seconds,
                        Arrays.stream(ids)
                                .mapToObj(String::valueOf)
                                .collect(Collectors.joining(", ")),
                        String.join(", ", numbers));
    }
}
