package entropylens.lens;

import entropylens.model.DecoderConfig;
import entropylens.model.ForwardPass;
import entropylens.model.MixerShape;
import entropylens.model.Run;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Heap that a run needs beside the mapped weights, computed in advance.
///
/// @param sequences run at a time
/// @param longest positions of the longest
/// @param kvBytes keys and values of the longest sequences, and what recurrent mixers remember
/// @param streamBytes residuals kept for the readout, and the results
/// @param lensBytes what lenses hold, and rows while they are translated; 0 through the logit lens
/// @param scratchBytes activations of one forward pass, logits to sample from, the readout's
///   scratch
public record MemoryPlan(
        int sequences,
        int longest,
        long kvBytes,
        long streamBytes,
        long lensBytes,
        long scratchBytes) {
    /// Of texts that all take `length` positions, every one of them measured through the logit
    /// lens.
    ///
    /// @param sequences run at a time
    public static MemoryPlan of(DecoderConfig config, int sequences, int length) {
        return of(config, sequences, length, 1, Lens.LOGIT);
    }

    /// The same through another lens.
    ///
    /// @param points of the stream that are read
    public static MemoryPlan of(
            DecoderConfig config, int sequences, int length, int points, Lens through) {
        return of(
                config,
                Collections.nCopies(sequences, (long) length),
                points,
                LensMemory.of(List.of(through), config.nLayers()));
    }

    /// @param shared positions that are held for texts that begin alike
    /// @param points of the stream that are read through each lens
    static MemoryPlan of(
            DecoderConfig config,
            List<Run> runs,
            int batch,
            int shared,
            int points,
            LensMemory lenses) {
        MemoryPlan texts =
                of(
                        config,
                        runs.stream()
                                .map(run -> (long) run.positions())
                                .sorted(Comparator.reverseOrder())
                                .limit(batch)
                                .toList(),
                        points,
                        lenses);
        return new MemoryPlan(
                texts.sequences,
                texts.longest,
                texts.kvBytes + (shared == 0 ? 0 : config.stateBytes(shared)),
                texts.streamBytes,
                texts.lensBytes,
                texts.scratchBytes);
    }

    /// @param lengths of the texts that are run together, longest first
    private static MemoryPlan of(
            DecoderConfig config, List<Long> lengths, int points, LensMemory lenses) {
        int sequences = lengths.size();
        long longest = lengths.getFirst();
        long kv = 0;
        long stream = 0;
        long perPosition = 4L * config.dModel() * (config.nLayers() + 1);
        for (long length : lengths) {
            kv += config.stateBytes(Math.toIntExact(length));
            stream +=
                    (long) points
                            * lenses.count()
                            * Math.min(2 * StreamCollector.LIMIT, length * perPosition);
        }
        long rows = Math.min(256, longest * sequences);
        long activations = 4L * rows * (3L * config.dModel() + widest(config) + 3L * config.dMlp());
        long logits = 4L * sequences * config.dVocab();
        return new MemoryPlan(
                sequences,
                (int) longest,
                kv,
                stream,
                lenses.heapBytes(Math.min(2 * StreamCollector.LIMIT / perPosition + 1, longest)),
                activations + logits + LogitLens.SCRATCH_BYTES);
    }

    /// Floats of a row that a mixer needs, in the widest block.
    private static long widest(DecoderConfig config) {
        return config.mixers().stream().mapToLong(MixerShape::rowFloats).max().orElse(0);
    }

    /// Heap in all.
    public long total() {
        return kvBytes + streamBytes + lensBytes + scratchBytes;
    }

    /// @param lenses that are looked through
    /// @throws NotEnoughMemoryException when it is not there
    void requireAvailable(ForwardPass pass, LensMemory lenses) {
        if (pass.memory().isPresent()) {
            requireOnDevice(pass.memory().getAsLong(), lenses.deviceBytes(pass));
            return;
        }
        requireHeap(Runtime.getRuntime().maxMemory());
    }

    void requireHeap(long most) {
        if (total() > most) {
            throw new NotEnoughMemoryException(
                    "needs %s of heap (%s), but the JVM may use %s; run fewer at a time, fewer tokens,%s or give it more"
                            .formatted(
                                    size(total()),
                                    parts(lensBytes),
                                    size(most),
                                    lensBytes == 0 ? "" : " through fewer lenses,"));
        }
    }

    private void requireOnDevice(long free, long lenses) {
        if (kvBytes + streamBytes + lenses > free) {
            throw new NotEnoughMemoryException(
                    "needs %s on the device (%s), but beside the weights it has %s; run fewer at a time,%s or fewer tokens"
                            .formatted(
                                    size(kvBytes + streamBytes + lenses),
                                    parts(lenses),
                                    size(free),
                                    lenses == 0 ? "" : " through fewer lenses,"));
        }
    }

    private String parts(long lenses) {
        return "%s of KV cache and %s of residuals for %d sequences of %,d tokens at a time%s"
                .formatted(
                        size(kvBytes),
                        size(streamBytes),
                        sequences,
                        longest,
                        lenses == 0 ? "" : ", and %s of lenses".formatted(size(lenses)));
    }

    private static String size(long bytes) {
        double mebibytes = bytes / (double) (1 << 20);
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
    }
}
