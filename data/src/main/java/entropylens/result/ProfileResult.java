package entropylens.result;

import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import entropylens.lens.EntropyProfile;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The profiles of one prompt, and what is shown of them, by whomever. It speaks of one point of
/// the stream, the first that was asked for; [#at] gives the others.
///
/// @param loaded the model that was measured; its weights need not be mapped any more
/// @param tokens how the model's tokens read
/// @param request what was run and measured
/// @param texts a profile of each sample
/// @param windows into which each text's rows are cut
/// @param normalized whether entropies are divided by ln V
/// @param threads that computed
/// @param chat the prompt, where a chat template made it
/// @param patched rows of another text in the place of the prompt's
public record ProfileResult(
        LoadedModel loaded,
        TokenText tokens,
        ProfileRequest request,
        List<TextProfile> texts,
        int windows,
        boolean normalized,
        int threads,
        Optional<ChatPrompt> chat,
        Optional<Patched> patched) {
    /// @throws IllegalArgumentException when a text's rows cannot be cut into that many windows
    public ProfileResult {
        texts = List.copyOf(texts);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).positions() % windows != 0) {
                throw new IllegalArgumentException(
                        "%sthe text ended after %d tokens, which %d windows do not divide"
                                .formatted(
                                        texts.size() > 1 ? "sample " + (i + 1) + ": " : "",
                                        texts.get(i).positions(),
                                        windows));
            }
        }
    }

    /// How tokens are generated; empty where the prompt is measured.
    public Optional<Positions.Generated> generated() {
        return request.positions() instanceof Positions.Generated generated
                ? Optional.of(generated)
                : Optional.empty();
    }

    /// What is measured beside the entropy.
    public List<Statistic> beside() {
        List<Statistic> all = request.readout().statistics();
        return all.subList(1, all.size());
    }

    /// All points of the stream that were read, in the order asked for.
    public List<StreamPoint> points() {
        return texts.getFirst().points();
    }

    /// The point that this speaks of.
    public StreamPoint point() {
        return texts.getFirst().point();
    }

    /// What was measured at one point.
    ///
    /// @throws IllegalArgumentException when it was not asked for
    public ProfileResult at(StreamPoint point) {
        return new ProfileResult(
                loaded,
                tokens,
                request,
                texts.stream().map(text -> text.at(point)).toList(),
                windows,
                normalized,
                threads,
                chat,
                patched);
    }

    /// What to call the model: an id on the hub, or the name of its directory.
    public String modelName() {
        return Models.nameOf(loaded.directory());
    }

    /// Layers that were measured.
    public int layers() {
        return texts.getFirst().layers();
    }

    /// Number of the layer at an index: 0 is the embedding, l what is read in block l.
    public int layerNumber(int index) {
        boolean embedding = layers() > loaded.model().config().nLayers();
        return embedding ? index : index + 1;
    }

    /// `l / L`.
    public double depth(int index) {
        return (double) layerNumber(index) / loaded.model().config().nLayers();
    }

    /// The entropy of the uniform distribution, in [#unit()].
    public double maximum() {
        return normalized ? 1 : logVocabulary();
    }

    private double logVocabulary() {
        return Math.log(loaded.model().config().dVocab());
    }

    /// `nats`, or what normalising made of them.
    public String unit() {
        return normalized ? "fraction of ln V" : "nats";
    }

    /// Entropies of one text, normalised where that was asked for.
    public EntropyProfile profile(TextProfile one) {
        return normalized ? one.profile().dividedBy(logVocabulary()) : one.profile();
    }

    /// Over all texts: the mean of their means, `[windows][layers]`.
    public double[][] meanWindows(int count) {
        double[][] mean = new double[count][layers()];
        for (TextProfile one : texts) {
            double[][] windowed = profile(one).windows(count).entropy();
            for (int w = 0; w < count; w++) {
                for (int l = 0; l < layers(); l++) {
                    mean[w][l] += windowed[w][l] / texts.size();
                }
            }
        }
        return mean;
    }

    /// Standard deviation per window and layer: over texts where there are several, else over the
    /// tokens of the one.
    public double[][] spreadWindows(int count) {
        if (texts.size() == 1) {
            return profile(texts.getFirst()).windowSpreads(count);
        }
        double[][] spreads = new double[count][];
        for (int w = 0; w < count; w++) {
            double[][] rows = new double[texts.size()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = profile(texts.get(i)).windows(count).entropy()[w];
            }
            spreads[w] = new EntropyProfile(rows).spread();
        }
        return spreads;
    }

    /// The mean profile, `[layers]`.
    public double[] mean() {
        return meanWindows(1)[0];
    }

    /// Its standard deviation, as in [#spreadWindows], `[layers]`.
    public double[] spread() {
        return spreadWindows(1)[0];
    }

    /// A token and how often it was the most probable one.
    ///
    /// @param share of all rows
    public record TopToken(int id, double share) {}

    /// The token that was most often the most probable one, per layer.
    public List<TopToken> topTokens() {
        List<TopToken> top = new ArrayList<>();
        int rows = texts.stream().mapToInt(TextProfile::positions).sum();
        for (int layer = 0; layer < layers(); layer++) {
            Map<Integer, Integer> counts = new HashMap<>();
            for (TextProfile one : texts) {
                for (int row = 0; row < one.positions(); row++) {
                    int id = one.readouts().topIds()[row * layers() + layer][0];
                    counts.merge(id, 1, Integer::sum);
                }
            }
            var most =
                    counts.entrySet().stream()
                            .max(
                                    Map.Entry.<Integer, Integer>comparingByValue()
                                            .thenComparing(e -> -e.getKey()))
                            .orElseThrow();
            top.add(new TopToken(most.getKey(), (double) most.getValue() / rows));
        }
        return top;
    }
}
