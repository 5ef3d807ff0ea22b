package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Hunyuan: Llama with norms of queries and keys behind the turn, and a rotary base that is scaled
/// once for all lengths.
record HunYuanDenseFamily() implements Family {
    @Override
    public String name() {
        return "hunyuan_v1_dense";
    }

    @Override
    public List<String> architectures() {
        return List.of("HunYuanDenseV1ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Hunyuan 0.5B to 7B, Hunyuan-MT 7B, HY-MT 1.5";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        return layout(json, draft(json, name())).blueprint();
    }

    /// What both kinds of Hunyuan have in common.
    static ConfigDraft draft(ConfigJson json, String family) {
        ConfigDraft draft = ConfigDraft.llama(json, family);
        draft.rotary(RopeKeys.withAlpha(json, draft.dHead), Pairing.HALVES);
        draft.normsAfterTurn = true;
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        requireHeads(json, draft.dHead);
        // of the code that some came with, which can do more
        json.asUsual("add_classification_head", false);
        json.asUsual("mlp_bias", false);
        json.asUsual("use_cla", false);
        json.asUsual("use_qk_norm", true);
        json.asUsual("use_rotary_pos_emb", true);
        json.withoutEffect("cla_share_factor", "eod_token_id", "pad_id");
        return draft;
    }

    /// Files may say it twice.
    private static void requireHeads(ConfigJson json, int dHead) {
        int width = json.intOr("attention_head_dim", dHead);
        if (width != dHead) {
            throw new CheckpointException(
                    "%s: attention_head_dim is %,d, but the heads have %,d elements (head_dim); correct the file or download it again"
                            .formatted(json.file(), width, dHead));
        }
    }

    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        layout.queryNorm = "query_layernorm";
        layout.keyNorm = "key_layernorm";
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        return layout;
    }
}
