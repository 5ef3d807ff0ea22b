package entropylens;

import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.model.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What is asked of a model, step by step: `ask -> ask.tokens(32).topK(5)`. Each step gives a new
/// one.
///
/// @param ofPrompt whether the positions of the prompt are measured, and nothing is generated
/// @param tokens to generate
/// @param sampling how they are chosen
/// @param endsAtStop whether a text ends at the model's end tokens
/// @param skipped blocks, counted from 0
/// @param embedding whether the stream before the first block is read too, as layer 0
/// @param readout statistics per position, layer and point
/// @param points of the stream where each block is read
/// @param lens through what each layer is looked at
public record Ask(
        boolean ofPrompt,
        int tokens,
        Sampling sampling,
        boolean endsAtStop,
        Set<Integer> skipped,
        boolean embedding,
        ReadoutRequest readout,
        List<StreamPoint> points,
        Lens lens) {
    /// 32 tokens, chosen greedily; the entropy of every layer.
    public static final Ask DEFAULT =
            new Ask(
                    false,
                    32,
                    Sampling.GREEDY,
                    true,
                    Set.of(),
                    false,
                    ReadoutRequest.ENTROPY,
                    List.of(StreamPoint.RESID_POST),
                    Lens.LOGIT);

    public Ask {
        skipped = Set.copyOf(skipped);
        points = List.copyOf(points);
    }

    /// Generates that many tokens, fewer where the text ends.
    ///
    /// @param count at least 1
    public Ask tokens(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "at least one token must be generated, not %d; to measure the prompt, ask for promptOnly()"
                            .formatted(count));
        }
        return new Ask(
                false, count, sampling, endsAtStop, skipped, embedding, readout, points, lens);
    }

    /// Measures every position of the prompt, and generates nothing.
    public Ask promptOnly() {
        return new Ask(
                true, tokens, sampling, endsAtStop, skipped, embedding, readout, points, lens);
    }

    /// Samples the tokens.
    public Ask sampling(Sampling how) {
        return new Ask(
                ofPrompt, tokens, how, endsAtStop, skipped, embedding, readout, points, lens);
    }

    /// Goes on behind the model's end tokens.
    public Ask ignoringStops() {
        return new Ask(
                ofPrompt, tokens, sampling, false, skipped, embedding, readout, points, lens);
    }

    /// Skips blocks.
    ///
    /// @param blocks counted from 1, like the layers they make
    public Ask skippingBlocks(int... blocks) {
        Set<Integer> layers = new java.util.TreeSet<>();
        for (int block : blocks) {
            layers.add(block - 1);
        }
        return new Ask(
                ofPrompt, tokens, sampling, endsAtStop, layers, embedding, readout, points, lens);
    }

    /// Reads the stream before the first block too, as layer 0.
    public Ask withEmbedding() {
        return new Ask(
                ofPrompt, tokens, sampling, endsAtStop, skipped, true, readout, points, lens);
    }

    /// Keeps the k most probable tokens of every position and layer.
    public Ask topK(int k) {
        return new Ask(
                ofPrompt,
                tokens,
                sampling,
                endsAtStop,
                skipped,
                embedding,
                readout.withTopK(k),
                points,
                lens);
    }

    /// Measures more than the entropy.
    public Ask with(Statistic... statistics) {
        return new Ask(
                ofPrompt,
                tokens,
                sampling,
                endsAtStop,
                skipped,
                embedding,
                readout.with(Arrays.asList(statistics)),
                points,
                lens);
    }

    /// Reads each block at these points, instead of behind it: [entropylens.lens.TextProfile#at]
    /// gives the profile of each.
    ///
    /// @param where each once; `RESID_PRE, RESID_MID, RESID_POST` shows which half of a block
    ///   expands
    public Ask at(StreamPoint... where) {
        return new Ask(
                ofPrompt,
                tokens,
                sampling,
                endsAtStop,
                skipped,
                embedding,
                readout,
                Arrays.asList(where),
                lens);
    }

    /// Looks at each layer through a lens, instead of the logit lens: [EntropyLens#openLens] opens
    /// one.
    public Ask through(Lens what) {
        return new Ask(
                ofPrompt, tokens, sampling, endsAtStop, skipped, embedding, readout, points, what);
    }

    /// @param stopIds that end a text of the model
    ProfileRequest request(Set<Integer> stopIds) {
        return new ProfileRequest(
                ofPrompt
                        ? Positions.PROMPT
                        : new Positions.Generated(
                                tokens, sampling, endsAtStop ? stopIds : Set.of()),
                Intervention.skip(skipped.stream().mapToInt(layer -> layer).toArray()),
                embedding,
                readout,
                points,
                lens);
    }
}
