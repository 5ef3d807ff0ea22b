package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Rope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What configurations of dense families say is read or refused by name, where no golden shows it.
class DenseConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private DecoderConfig read(String golden, Consumer<ObjectNode> change) {
        Path source = Goldens.directory(golden).resolve("config.json");
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(source.toFile());
            change.accept(config);
            Path file = Files.writeString(directory.resolve("config.json"), config.toString());
            ConfigJson json = ConfigJson.read(file);
            return Families.blueprint(Families.of(json, Optional.empty()), json).config();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String golden, Consumer<ObjectNode> change) {
        return assertThatThrownBy(() -> read(golden, change))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void apertusSaysHowItsPositionsAreScaled() {
        refused(
                        "apertus-biased",
                        c -> {
                            c.remove("rope_parameters");
                            c.put("rope_theta", 500_000).putNull("rope_scaling");
                        })
                .hasMessageContaining("neither rope_parameters nor rope_scaling")
                .hasMessageContaining("version of transformers");
    }

    @Test
    void apertusHasLearnedItsActivation() {
        refused("apertus-biased", c -> c.put("hidden_act", "silu"))
                .hasMessageContaining("hidden_act is \"silu\", but must be \"xielu\"");
    }

    @Test
    void hunyuanRaisesItsBaseByAPositiveAlpha() {
        for (double alpha : new double[] {-1, -1e300}) {
            refused("hunyuan-dense-alpha", c -> rope(c).put("alpha", alpha))
                    .hasMessageContaining("alpha of the rope scaling is " + alpha);
        }
        // without one it is the scaling that others have under this name
        DecoderConfig plain = read("hunyuan-dense-alpha", c -> rope(c).remove("alpha"));
        assertThat(((Positions.Rotary) plain.positions()).ropes())
                .allMatch(Rope.Dynamic.class::isInstance);
    }

    @Test
    void hunyuanMaySayTheWidthOfItsHeadsTwice() {
        assertThat(
                        read("hunyuan-dense-alpha", c -> c.put("attention_head_dim", 6))
                                .attention(0)
                                .dHead())
                .isEqualTo(6);
        refused("hunyuan-dense-alpha", c -> c.put("attention_head_dim", 8))
                .hasMessageContaining("attention_head_dim is 8, but the heads have 6 elements");
    }

    private static ObjectNode rope(ObjectNode config) {
        return (ObjectNode) config.get("rope_parameters");
    }

    @Test
    void hunyuanSaysOnceWhatIsSoInEveryBlock() {
        DecoderConfig plain = read("hunyuan-moe-alpha", c -> {});
        Consumer<ObjectNode> published =
                c -> {
                    c.remove("moe_topk");
                    c.put("num_experts_per_tok", 3).put("use_mixed_mlp_moe", true);
                    c.putArray("moe_intermediate_size").add(13).add(13).add(13);
                    c.putArray("num_shared_expert").add(1).add(1).add(1);
                };
        assertThat(read("hunyuan-moe-alpha", published))
                .usingRecursiveComparison()
                .isEqualTo(plain);
        refused("hunyuan-moe-alpha", c -> c.putArray("moe_topk").add(3).add(2).add(3))
                .hasMessageContaining("moe_topk differs from block to block");
        refused("hunyuan-moe-alpha", c -> c.putArray("num_shared_expert").add(1).add(2))
                .hasMessageContaining("num_shared_expert is 2, but must be 1 in every block");
        refused("hunyuan-moe-alpha", c -> c.put("moe_intermediate_size", 12))
                .hasMessageContaining("moe_intermediate_size is 12, but must be 13");
        refused("hunyuan-moe-alpha", c -> c.put("moe_topk", 6))
                .hasMessageContaining("moe_topk is 6");
        refused("hunyuan-moe-alpha", c -> c.put("norm_topk_prob", false))
                .hasMessageContaining("norm_topk_prob is false");
    }

    @Test
    void mptCanDoMoreInItsOwnCode() {
        for (String key : new String[] {"prefix_lm", "qk_ln"}) {
            refused("mpt-clipped", c -> attention(c).put(key, true))
                    .hasMessageContaining("attn_config." + key + " is true");
        }
        refused("mpt-clipped", c -> attention(c).put("alibi", false))
                .hasMessageContaining("attn_config.alibi is false");
        refused("mpt-clipped", c -> attention(c).put("clip_qkv", -6))
                .hasMessageContaining("attn_config.clip_qkv is -6.0");
        refused("mpt-clipped", c -> c.put("no_bias", false))
                .hasMessageContaining("no_bias is false");
        refused("mpt-clipped", c -> c.put("expansion_ratio", 8))
                .hasMessageContaining("expansion_ratio is 8");
        refused("mpt-clipped", c -> c.put("logit_scale", "inv_sqrt_d_model"))
                .hasMessageContaining("logit_scale is \"inv_sqrt_d_model\"");
    }

    @Test
    void mptTakesNoClipWhereItIsZero() {
        DecoderConfig config = read("mpt-clipped", c -> attention(c).put("clip_qkv", 0));
        assertThat(config.attention(0).projectionClip()).isEmpty();
    }

    private static ObjectNode attention(ObjectNode config) {
        return (ObjectNode) config.get("attn_config");
    }

    @Test
    void codeGenStoresItsHeadsInFourParts() {
        refused("codegen-partial", c -> c.put("n_head", 6))
                .hasMessageContaining("n_head is 6, but heads are stored in 4 equal parts");
    }

    @Test
    void cwmSaysHowItsPositionsAreScaled() {
        refused("cwm-types", c -> c.remove("rope_parameters"))
                .hasMessageContaining("neither rope_parameters nor rope_scaling");
    }

    @Test
    void solarOpenTurnsWholeHeads() {
        refused("solar-open-tied", c -> c.put("partial_rotary_factor", 0.5))
                .hasMessageContaining("partial_rotary_factor is 0.5, but must be 1.0");
    }

    @Test
    void mellumNamesTheKindOfEachBlock() {
        refused("mellum-tied", c -> c.remove("rope_parameters"))
                .hasMessageContaining("rope_parameters is missing");
        refused("mellum-tied", c -> c.putArray("mlp_layer_types").add("dense"))
                .hasMessageContaining("mlp_layer_types must name");
        refused("mellum-tied", c -> c.putArray("mlp_layer_types").add("a").add("b").add("c"))
                .hasMessageContaining("mlp_layer_types must name");
    }

    @Test
    void hyperClovaXScalesScoresByTheWidthOfItsHeads() {
        DecoderConfig config = read("hyperclovax-plain", c -> c.putNull("attention_multiplier"));
        assertThat(config.attention(0).scoreScale()).isEqualTo(1 / Math.sqrt(6));
    }

    @Test
    void ministral3SaysHowItsScoresGrow() {
        refused("ministral3-growing", c -> rope(c).remove("llama_4_scaling_beta"))
                .hasMessageContaining("llama_4_scaling_beta is missing");
        refused("ministral3-growing", c -> c.remove("rope_parameters"))
                .hasMessageContaining("neither rope_parameters nor rope_scaling");
        AttentionShape attention = read("ministral3-growing", c -> {}).attention(1);
        assertThat(attention.scoreScaleAt(3)).isEqualTo((float) (1 / Math.sqrt(6)));
        assertThat(attention.scoreScaleAt(4))
                .isEqualTo((float) ((1 + 0.7 * Math.log(2)) / Math.sqrt(6)));
    }

    @Test
    void theTextPartOfAModelThatSeesPicturesIsAMistral() {
        refused(
                        "mistral3-with-pictures",
                        c -> ((ObjectNode) c.get("text_config")).put("model_type", "llama"))
                .hasMessageContaining("model_type of the text part is \"llama\"");
    }
}
