package entropylens.model;

import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.kernels.Xielu;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything a model has learned, in the order of the forward pass. Matrices are mapped; norms and
/// biases, which are small, are float arrays. What a model lacks is null, and leaves its step out.
public record Weights(Embedding embedding, List<Block> blocks, Readout readout) {

    /// `norm(projection · W_E[token] · scale) + W_pos[position]`.
    ///
    /// @param tokens W_E, `d_vocab` outputs (one row per token)
    /// @param projection to d_model, where W_E is narrower (OPT-350m)
    /// @param norm of the embedding (BLOOM)
    /// @param positions `n_ctx × d_model`, for learned positions
    /// @param perLayer more of each token, for every block (Gemma 4)
    public record Embedding(
            Matrix tokens,
            @Nullable Projection projection,
            @Nullable NormWeights norm,
            @Nullable Matrix positions,
            @Nullable PerLayerEmbedding perLayer) {
        /// An embedding that the first block alone reads.
        public Embedding(
                Matrix tokens,
                @Nullable Projection projection,
                @Nullable NormWeights norm,
                @Nullable Matrix positions) {
            this(tokens, projection, norm, positions, null);
        }
    }

    /// A vector of `width` elements for each token and block: `(norm(projection · x / √d_model) +
    /// tokens[token] · √width) / √2`, where x is the stream before the first block.
    ///
    /// @param tokens `d_vocab × (n_layers · width)`
    /// @param projection from d_model to `n_layers · width`
    public record PerLayerEmbedding(
            Matrix tokens, Projection projection, NormWeights norm, int width) {}

    /// How a block uses its [PerLayerEmbedding] e: it adds `norm(projection · (activation(gate · x)
    /// · e))` to the stream x.
    public record PerLayerInput(Projection gate, Projection projection, NormWeights norm) {}

    /// What a block does to the stream after its halves: it adds what a per-layer embedding gives,
    /// and multiplies all by `scale` (Gemma 4). It is no part of attn_out or mlp_out.
    public record Finish(@Nullable PerLayerInput perLayer, float scale) {}

    /// One block.
    ///
    /// @param ln1 before the mixer, or after it in a [Residual#POST_NORM] model; of a
    ///   [Residual#ONE_SUM] model before whatever the block has
    /// @param mixer null only in a [Residual#ONE_SUM] model
    /// @param ln2 before or after the MLP; null as well where the block norms once for both
    ///   ([Residual#PARALLEL_ONE_NORM])
    /// @param mlp null only in a [Residual#ONE_SUM] model
    /// @param finish what is done after both
    public record Block(
            @Nullable NormWeights ln1,
            @Nullable Mixer mixer,
            @Nullable NormWeights ln2,
            @Nullable FeedForward mlp,
            @Nullable Finish finish) {
        /// A block that ends with its MLP.
        public Block(
                @Nullable NormWeights ln1,
                @Nullable Mixer mixer,
                @Nullable NormWeights ln2,
                @Nullable FeedForward mlp) {
            this(ln1, mixer, ln2, mlp, null);
        }

        public Block {
            if (mixer == null && mlp == null) {
                throw new IllegalArgumentException("a block needs a mixer or an MLP");
            }
        }

        /// Its attention, where it has some.
        public Optional<Attention> attention() {
            return switch (mixer) {
                case Attention attention -> Optional.of(attention);
                case SideBySide both -> Optional.of(both.attention());
                case null, default -> Optional.empty();
            };
        }
    }

    /// What lets a block look at other tokens.
    public sealed interface Mixer {
        /// Of what it adds to the stream.
        @Nullable NormWeights postNorm();
    }

    /// @param queryNorm,keyNorm applied before the rotary turn, or after it, as
    ///   [AttentionShape#normsAfterTurn] says
    /// @param valueNorm of each value (Gemma 4)
    /// @param postNorm of what attention adds to the stream
    /// @param sinks a logit for each head that takes its share of the softmax and has no value
    ///   (gpt-oss)
    public record Attention(
            Projections projections,
            @Nullable NormWeights queryNorm,
            @Nullable NormWeights keyNorm,
            @Nullable NormWeights valueNorm,
            Projection output,
            @Nullable NormWeights postNorm,
            float @Nullable [] sinks)
            implements Mixer {
        /// Attention without a norm of values and without sinks.
        public Attention(
                Projections projections,
                @Nullable NormWeights queryNorm,
                @Nullable NormWeights keyNorm,
                Projection output,
                @Nullable NormWeights postNorm) {
            this(projections, queryNorm, keyNorm, null, output, postNorm, null);
        }
    }

    /// A gated delta net.
    ///
    /// @param inputs what it reads of the stream
    /// @param convolution over queries, keys and values
    /// @param logDecay of each value head: its memory fades by `exp(-exp(logDecay) · softplus(step
    ///   + stepBias))`
    /// @param norm of what a head reads from memory, before the gate's SiLU multiplies it
    public record DeltaNet(
            DeltaInputs inputs,
            CausalConvolution convolution,
            float[] logDecay,
            float[] stepBias,
            NormWeights norm,
            Projection output,
            @Nullable NormWeights postNorm)
            implements Mixer {}

    /// A gated short convolution: `output · (c ∘ convolution(b ∘ x))` (LFM2).
    ///
    /// @param input to b, c and x, one after the other
    public record ShortConvolution(
            Projection input,
            CausalConvolution convolution,
            Projection output,
            @Nullable NormWeights postNorm)
            implements Mixer {}

    /// A selective scan (Mamba).
    ///
    /// @param input to the channels
    /// @param gate to what multiplies the result, through SiLU
    /// @param convolution over the channels
    /// @param parameters from the channels to what steps come out of, then B, then C
    /// @param stepNorm,bNorm,cNorm of these three (Falcon-Mamba, Jamba)
    /// @param step to a step for each channel
    /// @param stepBias added to it before softplus
    /// @param rates at which states fade, `[states][channels]`
    /// @param skip D, what each channel adds to its result of itself
    public record SelectiveScan(
            Projection input,
            Projection gate,
            CausalConvolution convolution,
            Projection parameters,
            @Nullable NormWeights stepNorm,
            @Nullable NormWeights bNorm,
            @Nullable NormWeights cNorm,
            Projection step,
            float[] stepBias,
            float[] rates,
            float[] skip,
            Projection output,
            @Nullable NormWeights postNorm)
            implements Mixer {}

    /// A state space mixer (Mamba-2).
    ///
    /// @param input to gates, then x, B and C, then a step for each head
    /// @param convolution over x, B and C
    /// @param logDecay of each head: its memory fades by `exp(-exp(logDecay) · step)`
    /// @param stepBias added to steps before softplus
    /// @param skip D of each head, what it adds to its result of x itself
    /// @param minStep,maxStep limits of a step
    /// @param norm of the result; null where there is none (Falcon-H1)
    /// @param normBeforeGate whether it comes before the gate's SiLU multiplies the result
    public record StateSpace(
            Projection input,
            CausalConvolution convolution,
            float[] logDecay,
            float[] stepBias,
            float[] skip,
            double minStep,
            double maxStep,
            @Nullable NormWeights norm,
            boolean normBeforeGate,
            Projection output,
            @Nullable NormWeights postNorm)
            implements Mixer {}

    /// Attention and a state space that read the same and whose results are added (Falcon-H1).
    public record SideBySide(Attention attention, StateSpace space, @Nullable NormWeights postNorm)
            implements Mixer {}

    /// Where a gated delta net has queries, keys, values and gates from, and, for each value head,
    /// a rate of learning and a step of forgetting.
    public sealed interface DeltaInputs {}

    /// Key head by key head (Qwen3-Next).
    ///
    /// @param vectors for each key head its query, its key, then values and gates of its value
    ///   heads
    /// @param scalars for each key head, of its value heads rates of learning, then steps of
    ///   forgetting
    public record ByKeyHead(Projection vectors, Projection scalars) implements DeltaInputs {}

    /// One kind after the other (Qwen 3.5).
    ///
    /// @param vectors all queries, then all keys, then all values
    public record Apart(Projection vectors, Projection gates, Projection rates, Projection steps)
            implements DeltaInputs {}

    /// Where queries, keys and values come from.
    public sealed interface Projections {}

    /// A projection for each. Fused ones whose parts are whole are cut into this.
    public record Separate(Projection query, Projection key, Projection value)
            implements Projections {}

    /// One projection whose outputs alternate: for each key-value head its query heads, then its
    /// key, then its value.
    public record Interleaved(Projection fused) implements Projections {}

    /// One projection in equal parts, each of which has the queries of some heads, then their
    /// values, then their keys (CodeGen).
    public record InParts(Projection fused, int parts) implements Projections {}

    /// A projection for queries and gates, for each head its query and then its gate, whose sigmoid
    /// multiplies what the head mixes (Qwen3-Next); one for keys and one for values.
    public record GatedQueries(Projection queriesAndGates, Projection key, Projection value)
            implements Projections {}

    /// Queries, and for every head its own keys and values, out of narrower vectors (multi-head
    /// latent attention, DeepSeek-AI 2024, arXiv 2405.04434). In a query's head, elements that stay
    /// as they are come before those that are turned.
    ///
    /// @param queryDown to what queries are made of; null where that is the stream itself
    /// @param queryDownNorm of what it gives
    /// @param query from there to the queries of all heads
    /// @param keyValueDown to what keys and values are made of, and behind it the part of a key
    ///   that is turned, one for all heads
    /// @param keyValueNorm of the first of these, and as wide
    /// @param keyValue from there, for each head, to the rest of its key, then its value
    public record Latent(
            @Nullable Projection queryDown,
            @Nullable NormWeights queryDownNorm,
            Projection query,
            Projection keyValueDown,
            NormWeights keyValueNorm,
            Projection keyValue)
            implements Projections {
        /// How many elements of a key are turned.
        int turned() {
            return keyValueDown.outputs() - keyValueNorm.width();
        }
    }

    /// Queries of a block that reads the keys and values of an earlier one; see
    /// [AttentionShape#keysOf].
    public record QueriesAlone(Projection query) implements Projections {}

    /// Keys that are values as well, before norms and turn.
    public record KeysAsValues(Projection query, Projection key) implements Projections {}

    /// What a block computes beside attention.
    public sealed interface FeedForward {
        /// Of what it adds to the stream.
        @Nullable NormWeights postNorm();
    }

    /// `down(activation(gate x) · up x)`, or what else its [Gating] says.
    ///
    /// @param gate null where the gating needs none, or `up` holds it
    /// @param postNorm of what the MLP adds to the stream
    /// @param learned its own activation, in place of the model's (Apertus)
    public record Mlp(
            @Nullable Projection gate,
            Projection up,
            Projection down,
            @Nullable NormWeights postNorm,
            Gating gating,
            @Nullable Xielu learned)
            implements FeedForward {
        /// Of the plain kind, with or without a gate.
        public Mlp(
                @Nullable Projection gate,
                Projection up,
                Projection down,
                @Nullable NormWeights postNorm) {
            this(gate, up, down, postNorm, Gating.PLAIN, null);
        }

        /// Whether one half of what is computed multiplies the other.
        public boolean gated() {
            return gate != null || gating != Gating.PLAIN;
        }
    }

    /// Experts, of which a router chooses a few for each row: `Σ share_e · expert_e(x)`, and what a
    /// shared one adds.
    ///
    /// @param router from d_model to one logit for each expert
    /// @param routing how these choose
    /// @param postNorm of what all of them together add to the stream
    public record Experts(
            Projection router,
            Routing routing,
            List<Mlp> experts,
            @Nullable SharedExpert shared,
            @Nullable NormWeights postNorm)
            implements FeedForward {
        public Experts {
            experts = List.copyOf(experts);
            if (routing.chosen() < 1 || routing.chosen() > experts.size()) {
                throw new IllegalArgumentException(
                        "%d of %d experts cannot be chosen"
                                .formatted(routing.chosen(), experts.size()));
            }
        }
    }

    /// An MLP and routed experts side by side, each with norms of its own; both read the stream as
    /// it is (Gemma 4): `mlpPostNorm(mlp(mlpNorm(x))) + expertsPostNorm(experts(expertsNorm(x)))`.
    ///
    /// @param routerNorm of what the router reads
    /// @param postNorm of what both together add to the stream
    public record MlpAndExperts(
            NormWeights mlpNorm,
            Mlp mlp,
            NormWeights routerNorm,
            NormWeights expertsNorm,
            Experts experts,
            @Nullable NormWeights postNorm)
            implements FeedForward {}

    /// An expert that sees every row.
    ///
    /// @param gate to one logit, whose sigmoid multiplies the result; null for 1
    public record SharedExpert(Mlp mlp, @Nullable Projection gate) {}

    /// What turns the last residual into logits: `W_U · projection · ln_final(x) + b_U`.
    ///
    /// @param projection from d_model, where W_U is narrower (OPT-350m)
    /// @param unembed W_U as `d_vocab` outputs, stored with one row per token
    /// @param bias b_U, `[d_vocab]`
    public record Readout(
            @Nullable NormWeights lnFinal,
            @Nullable Projection projection,
            Matrix unembed,
            float @Nullable [] bias) {}

    public Weights {
        blocks = List.copyOf(blocks);
    }
}
