package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import entropylens.model.RotaryFrequencies.Yarn;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models in words.
class FeaturesTest {
    private static List<String> features(String golden) {
        Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return Features.of(
                LoadedModel.load(Goldens.directory(golden), Arena.ofAuto(), backend).model());
    }

    @Test
    void aLlamaIsWhatEverybodyKnows() {
        assertThat(features("llama-gqa-tied"))
                .containsExactly(
                        "RMSNorm",
                        "norms before attention and MLP",
                        "attention, then MLP",
                        "rotary positions, halves paired",
                        "base 10,000",
                        "grouped-query attention 6:2",
                        "gated MLP, SiLU",
                        "tied unembedding");
    }

    @Test
    void everyDepartureOfGemma2IsNamed() {
        assertThat(features("gemma2-softcaps"))
                .containsExactly(
                        "RMSNorm",
                        "norms before and after attention and MLP",
                        "attention, then MLP",
                        "rotary positions, halves paired",
                        "base 10,000",
                        "grouped-query attention 4:2",
                        "sliding window of 5 tokens in 2 of 4 blocks",
                        "scores × 0.57735 instead of 1/√d_head",
                        "scores soft-capped at 2",
                        "gated MLP, GELU (tanh)",
                        "embedding × √d_model",
                        "tied unembedding",
                        "logits soft-capped at 4");
    }

    @Test
    void biasesAndPlainMlpsAreNamed() {
        assertThat(features("gpt2-options"))
                .containsExactly(
                        "LayerNorm",
                        "norms before attention and MLP",
                        "attention, then MLP",
                        "learned positions",
                        "multi-head attention",
                        "scores of block l divided by l",
                        "biases on queries, keys, values, attention output",
                        "MLP, GELU",
                        "biases in the MLP",
                        "unembedding of its own");
    }

    /// One phrase each that the models above do not have.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    apertus-scaled    | MLP, xIELU with slopes of each block
                    falcon-7b-style   | one norm before attention and MLP together
                    falcon-7b-style   | attention and MLP in parallel
                    falcon-40b-style  | norms before attention and MLP
                    falcon-rw-style   | ALiBi positions in bfloat16 × 0.707107
                    bloom-4-heads     | ALiBi positions
                    bloom-4-heads     | norm on the embedding
                    gemma-mqa         | multi-query attention 2:1
                    gemma3-linear     | base 10,000 in 3 of 4 blocks
                    gemma3-linear     | base 1,000,000 with all frequencies ÷ 8 in 1 of 4 blocks
                    gptj-partial      | rotary positions, 4 of 10 of a head, neighbours paired
                    gptj-partial      | bias on the logits
                    granite-biased    | what they add × 0.6
                    granite-biased    | embedding × 5.5
                    llama-rope-dynamic-long | base 500 that grows beyond 11 tokens (dynamic NTK × 3)
                    ministral3-growing | scores that grow every 4 positions
                    llama4-chunks     | scores that grow every 4 positions in 1 of 4 blocks
                    llama4-chunks     | chunks of 4 tokens in 3 of 4 blocks
                    llama4-chunks     | RMSNorm of queries and keys after the turn, head by head
                    mistral-window    | sliding window of 5 tokens in all 3 blocks
                    olmo-clip         | LayerNorm without bias
                    olmo-clip         | queries, keys and values clipped at ±0.8
                    olmo2-gqa         | norms after attention and MLP
                    olmo2-gqa         | RMSNorm of queries and keys, all heads together
                    opt-no-final-norm | no final norm
                    opt-post-norm     | norms on the stream, after each sum
                    opt-post-norm     | embedding projected from 15 to d_model
                    opt-post-norm     | readout projected from d_model to 15
                    opt-post-norm     | MLP, ReLU
                    qwen2-tied        | biases on queries, keys, values
                    qwen3-tied        | RMSNorm of queries and keys, head by head
                    qwen3-next-tied   | gated delta net in 3 of 4 blocks, with a convolution over 3 tokens
                    mamba-tied        | selective scan in all 3 blocks, with a convolution over 3 tokens
                    mamba-tied        | scan of 60 channels of 4 states, steps out of 2 elements
                    falcon-mamba-tied | RMSNorm of what makes steps, B and C
                    mamba2-tied       | state space in all 3 blocks, with a convolution over 3 tokens
                    falcon-h1-factors | attention and a state space side by side, then MLP
                    granite-hybrid-experts | state space in 2 of 3 blocks, with a convolution over 4 tokens
                    mamba2-biased     | state space of 6 heads of 8, 3 groups, 5 states
                    jamba-experts     | attention in 1 of 4 blocks
                    jamba-experts     | no positions
                    lfm2-biased       | gated convolution over 3 tokens in 2 of 4 blocks
                    stablelm-parallel | LayerNorm without bias of queries and keys, each head with its own weights
                    """)
    void whatIsUnusualIsNamed(String golden, String phrase) {
        assertThat(features(golden)).contains(phrase);
    }

    @Test
    void everyGoldenIsDescribedInShortPhrases() {
        for (String golden : Goldens.NAMES) {
            assertThat(features(golden))
                    .as(golden)
                    .hasSizeBetween(7, 20)
                    .doesNotHaveDuplicates()
                    .allMatch(phrase -> phrase.length() <= 80);
        }
    }

    @Test
    void theScalingOfLlama31IsReadOffItsFrequencies() {
        float[] plain = RotaryFrequencies.plain(500_000, 128);
        assertThat(PositionWords.kind(new Rope.Fixed(plain))).isEqualTo("base 500,000");
        float[] scaled = RotaryFrequencies.llama3(plain, 8, 1, 4, 8192);
        assertThat(PositionWords.kind(new Rope.Fixed(scaled)))
                .isEqualTo("base 500,000 with low frequencies ÷ 8");
    }

    @Test
    void theScalingOfYarnIsReadOffItsFrequencies() {
        float[] yarn = RotaryFrequencies.yarn(1e6, 128, new Yarn(4, 32, 1, 32_768, true));
        assertThat(PositionWords.kind(new Rope.Fixed(yarn, (float) Yarn.magnitude(4, 1))))
                .isEqualTo("base 1,000,000 with low frequencies ÷ 4 (turned vectors × 1.139)");
    }

    @Test
    void noBaseIsMadeUpWhereNoneCanBeSeen() {
        assertThat(PositionWords.kind(new Rope.Fixed(new float[] {0.9f, 0.5f, 0.1f, 0.09f})))
                .isEqualTo("frequencies scaled one by one");
        assertThat(PositionWords.kind(new Rope.Fixed(new float[] {1}))).isEqualTo("one frequency");
        assertThat(features("llama-rope-yarn"))
                .as("a head of few pairs, all of them scaled")
                .contains("frequencies scaled one by one (turned vectors × 1.139)");
    }
}
