package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.SelectiveScanLayout.Beginning;
import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Readout;
import java.util.Collections;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Mamba and Falcon-Mamba: every block is a selective scan and nothing else.
final class MambaFamilies {
    static final String PREFIX = "backbone.";

    private MambaFamilies() {}

    /// @param norm of what makes steps, of B and of C
    static Family.Blueprint blueprint(ConfigJson json, String family, @Nullable NormReader norm) {
        ConfigDraft draft = draft(json, family);
        MixerShape.SelectiveScan shape = shape(json, draft);
        draft.mixers = Collections.nCopies(draft.nLayers, shape);
        SelectiveScanLayout scan = new SelectiveScanLayout(shape, draft.dModel);
        scan.projectionBias = json.boolOr("use_bias", false);
        scan.convolutionBias = json.boolOr("use_conv_bias", true);
        scan.norm = norm;
        scan.beginning = beginning(json, shape.rank(), draft.nLayers);
        NormReader norms = NormReader.rms(json.doubleOr("layer_norm_epsilon", 1e-5));
        CommonKeys.withoutEffect(json);
        // other names of sizes, what the code does anyway, and how the Python library computes
        json.withoutEffect(
                "d_inner",
                "d_model",
                "fused_add_norm",
                "n_layer",
                "pad_vocab_size_multiple",
                "residual_in_fp32",
                "rms_norm",
                "ssm_cfg",
                "use_associative_scan",
                "use_falcon_mambapy",
                "use_mambapy");
        DecoderConfig config = draft.build();
        return new Family.Blueprint(
                config,
                tensors -> weights(tensors, config, name -> scan.read(tensors, name), norms));
    }

    private static ConfigDraft draft(ConfigJson json, String family) {
        ConfigDraft draft = new ConfigDraft(family);
        draft.nLayers = json.requireInt("num_hidden_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = ConfigDraft.ANY_LENGTH;
        int expanded = Math.multiplyExact(json.intOr("expand", 2), draft.dModel);
        draft.dMlp = json.intOr("intermediate_size", expanded);
        draft.positions = new Positions.None();
        draft.residual = Residual.ONE_SUM;
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        return draft;
    }

    private static MixerShape.SelectiveScan shape(ConfigJson json, ConfigDraft draft) {
        return new MixerShape.SelectiveScan(
                draft.dMlp,
                json.intOr("state_size", 16),
                rank(json, "time_step_rank", draft.dModel),
                json.intOr("conv_kernel", 4));
    }

    /// The rank of steps: "auto" is a sixteenth of d_model, rounded up.
    static int rank(ConfigJson json, String key, int dModel) {
        if (!json.isString(key)) {
            return json.intOr(key, Math.ceilDiv(dModel, 16));
        }
        String rank = json.requireString(key);
        if (!rank.equals("auto")) {
            throw new CheckpointException(
                    "%s: %s is \"%s\", but must be an integer or \"auto\"; correct the file or download it again"
                            .formatted(json.file(), key, rank));
        }
        return Math.ceilDiv(dModel, 16);
    }

    private static Beginning beginning(ConfigJson json, int rank, int nLayers) {
        double scale = json.doubleOr("time_step_scale", 1) / Math.sqrt(rank);
        return new Beginning(
                json.doubleOr("time_step_min", 0.001),
                json.doubleOr("time_step_max", 0.1),
                json.doubleOr("time_step_floor", 1e-4),
                scale,
                json.stringOr("time_step_init_scheme", "random").equals("constant"),
                json.boolOr("rescale_prenorm_residual", false) ? 1 / Math.sqrt(nLayers) : 1);
    }

    /// Blocks that are a mixer alone.
    ///
    /// @param mixer reads one, whose names begin as given
    static Weights weights(
            TensorReader tensors,
            DecoderConfig config,
            Function<String, Weights.Mixer> mixer,
            NormReader norms) {
        int dModel = config.dModel();
        // the name that the authors' own code has
        String older = PREFIX + "embedding.weight";
        Matrix embed =
                tensors.embedding(
                        tensors.has(older) ? older : PREFIX + "embeddings.weight", config, dModel);
        return new Weights(
                new Embedding(embed, null, null, null),
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> PREFIX + "layers." + layer + ".")
                        .map(block ->
                                new Block(
                                        norms.read(tensors, block + "norm", dModel),
                                        mixer.apply(block + "mixer."),
                                        null,
                                        null))
                        .toList(),
                new Readout(
                        norms.read(tensors, PREFIX + "norm_f", dModel),
                        null,
                        tensors.unembed(embed, config),
                        null));
    }
}
