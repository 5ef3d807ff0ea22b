package entropylens.bench;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/// The whole job on a checkpoint: generate greedily, and the entropy of every layer for every
/// generated token. What tools/bench_peers.py does with transformers, to be run beside it; and
/// prompts decoded together against one after the other, which must give the same bits.
///
/// Arguments: DIR [TOKENS [PROMPTS]]
public final class EndToEnd {
    private static final int[] PROMPT = {464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13};
    private static final int REPEATS = 3;

    private EndToEnd() {}

    public static void main(String[] args) {
        int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 256;
        int prompts = args.length > 2 ? Integer.parseInt(args[2]) : 16;
        int threads = Runtime.getRuntime().availableProcessors();
        try (EntropyLens lens = EntropyLens.open(Path.of(args[0]), LoadOptions.NONE, threads)) {
            LoadedModel loaded = lens.loaded();
            Profiler profiler = new Profiler(loaded.model());
            run(profiler, List.of(PROMPT), 32, 1);
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                report(
                        "one sequence",
                        loaded,
                        tokens,
                        seconds(profiler, List.of(PROMPT), tokens, 1));
            }
            batched(profiler, loaded, tokens, prompts);
        }
    }

    private static void batched(Profiler profiler, LoadedModel loaded, int tokens, int prompts) {
        List<int[]> different =
                IntStream.range(0, prompts)
                        .mapToObj(i -> {
                            int[] prompt = PROMPT.clone();
                            prompt[0] += i;
                            return prompt;
                        })
                        .toList();
        int each = Math.max(1, tokens / 4);
        run(profiler, different, 8, prompts);
        long start = System.nanoTime();
        List<TextProfile> one = run(profiler, different, each, 1);
        double alone = 1e-9 * (System.nanoTime() - start);
        start = System.nanoTime();
        List<TextProfile> together = run(profiler, different, each, prompts);
        double batched = 1e-9 * (System.nanoTime() - start);
        report(prompts + " prompts, one after the other", loaded, each * prompts, alone);
        report(prompts + " prompts together", loaded, each * prompts, batched);
        double largest = 0;
        boolean sameIds = true;
        for (int i = 0; i < prompts; i++) {
            sameIds &= Arrays.equals(one.get(i).generatedIds(), together.get(i).generatedIds());
            double[] a = one.get(i).readouts().entropy();
            double[] b = together.get(i).readouts().entropy();
            for (int j = 0; j < Math.min(a.length, b.length); j++) {
                largest = Math.max(largest, Math.abs(a[j] - b[j]));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "together is %.2f times as fast; same ids: %s; largest difference of an entropy: %.1e nats%n",
                alone / batched,
                sameIds,
                largest);
    }

    private static double seconds(Profiler profiler, List<int[]> prompts, int tokens, int batch) {
        long start = System.nanoTime();
        run(profiler, prompts, tokens, batch);
        return 1e-9 * (System.nanoTime() - start);
    }

    private static List<TextProfile> run(
            Profiler profiler, List<int[]> prompts, int tokens, int batch) {
        ProfileRequest request =
                new ProfileRequest(Positions.greedy(tokens, Set.of()), ReadoutRequest.ENTROPY);
        return profiler.profile(prompts, request, batch, Progress.NONE);
    }

    private static void report(String what, LoadedModel loaded, int tokens, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %s: %d tokens in %.2f s, %.1f tokens/s%n",
                what,
                loaded.directory().getFileName(),
                loaded.dtype(),
                tokens,
                seconds,
                tokens / seconds);
    }
}
