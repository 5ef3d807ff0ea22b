package entropylens.translators;

import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.util.List;

/// Measures lenses on texts that they were not fitted on.
///
/// @param skipped first positions of a text that are left out
/// @param together texts that run at a time
public record HeldOut(Model model, int skipped, int together) {
    /// What is lost by reading at each layer: the mean over texts' positions of the KL divergence
    /// of its distribution from the last layer's, nats.
    ///
    /// @param lens through which the layers are read
    /// @param texts tokens of each
    /// @return from the embedding to the last layer; NaN of a layer that the lens says nothing of
    public double[] divergence(Lens lens, List<int[]> texts, Progress progress) {
        int layers = model.config().nLayers() + 1;
        boolean embedding = lens.isLogit() || lens.translators().containsKey(0);
        ProfileRequest request =
                new ProfileRequest(
                                Positions.PROMPT,
                                Intervention.NONE,
                                embedding,
                                ReadoutRequest.ENTROPY.with(Statistic.KL_TO_LAST))
                        .through(lens);
        int first = embedding ? 0 : 1;
        List<Prompt> prompts = texts.stream().map(ids -> Prompt.of(ids, 0)).toList();
        double[] sums = new double[layers];
        sums[0] = embedding ? 0 : Double.NaN;
        long rows = 0;
        long total = texts.stream().mapToLong(ids -> ids.length).sum();
        long done = 0;
        Profiler profiler = new Profiler(model);
        // some at a time: what is read of a text is not needed once it is summed up
        for (int from = 0; from < prompts.size(); from += together) {
            List<Prompt> some = prompts.subList(from, Math.min(from + together, prompts.size()));
            for (TextProfile text : profiler.measure(some, request, together, Progress.NONE)) {
                double[][] table = text.table(Statistic.KL_TO_LAST);
                for (int row = skipped; row < table.length; row++) {
                    rows++;
                    for (int layer = first; layer < layers; layer++) {
                        sums[layer] += table[row][layer - first];
                    }
                }
            }
            done += some.stream().mapToLong(prompt -> prompt.ids().length).sum();
            progress.update(done, total);
        }
        for (int layer = 0; layer < layers; layer++) {
            sums[layer] /= rows;
        }
        return sums;
    }
}
