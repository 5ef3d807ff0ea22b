package entropylens.gguf;

import java.lang.foreign.ValueLayout;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says how positions turn heads in the keys of a config.json, in the style of transformers 4:
/// `rope_theta`, `rope_scaling`, `partial_rotary_factor`.
final class RopeWriter {
    /// Relative difference of two factors that count as the same: both were rounded to float32.
    private static final double SAME = 1e-5;

    /// The context of Llama 3 before it was made longer.
    private static final double PRETRAINED = 8192;

    private static final String THETA = "rope_theta";
    private static final String SCALING = "rope_scaling";

    private final ConfigWriter config;
    private final Heads heads;

    RopeWriter(ConfigWriter config, Heads heads) {
        this.config = config;
        this.heads = heads;
    }

    /// Writes all of it.
    ///
    /// @param share the key for the share of a head that is turned; empty where the family turns
    ///   whole heads
    void write(String share) {
        config.numberIfThere("rope.freq_base", THETA);
        rotated(share);
        scaling();
    }

    /// Writes all of it as transformers 5 does: what blocks with a window are turned by, and what
    /// the others are.
    void writeForEachKind() {
        write("");
        ObjectNode json = config.json();
        double theta = json.path(THETA).asDouble(10_000);
        ObjectNode both = json.putObject("rope_parameters");
        ObjectNode full = both.putObject("full_attention").put("rope_type", "default");
        if (json.remove(SCALING) instanceof ObjectNode scaling) {
            full.setAll(scaling);
        }
        full.put(THETA, theta);
        json.remove(THETA);
        both.putObject("sliding_attention")
                .put("rope_type", "default")
                .put(THETA, config.number("rope.freq_base_swa").orElse(theta));
    }

    private void rotated(String share) {
        int rotated = config.integer("rope.dimension_count").orElse(heads.width());
        if (share.isEmpty() && rotated != heads.width()) {
            throw config.unsupported(
                    "rope.dimension_count is %d, but heads of this architecture are turned as a whole, %d elements; this variant of the model is not supported"
                            .formatted(rotated, heads.width()));
        }
        if (!share.isEmpty()) {
            // the product with the head's width is rounded down
            double part = (double) rotated / heads.width();
            config.json()
                    .put(share, (int) (heads.width() * part) < rotated ? Math.nextUp(part) : part);
        }
    }

    private void scaling() {
        config.withoutEffect("rope.scaling.finetuned");
        String type = config.text("rope.scaling.type", "none");
        if (config.has("rope_factors_long.weight")) {
            longrope();
        } else if (config.has("rope_freqs.weight")) {
            factors(factors("rope_freqs.weight"));
        } else {
            switch (type) {
                case "none" -> {}
                case "linear" -> linear();
                case "yarn" -> yarn();
                default ->
                        throw config.unsupported(
                                "rope.scaling.type is '%s', but the factors that belong to it are not there; read are none, linear, yarn, and longrope with factors"
                                        .formatted(type));
            }
        }
    }

    private double[] factors(String tensor) {
        GgufTensor factors = config.tensor(tensor);
        boolean vector = factors.shape().size() == 1 && factors.type() == GgmlType.F32;
        if (!vector || factors.rowWeights() > heads.width()) {
            throw config.unsupported(
                    "tensor '%s' is %s%s, but at most %d numbers in F32 were expected; the file is damaged, download it again"
                            .formatted(tensor, factors.type(), factors.shape(), heads.width() / 2));
        }
        float[] floats = factors.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            if (!(floats[i] > 0) || !Float.isFinite(floats[i])) {
                throw config.unsupported(
                        "tensor '%s' holds %s, which divides no frequency; the file is damaged, download it again"
                                .formatted(tensor, floats[i]));
            }
            doubles[i] = Double.parseDouble(Float.toString(floats[i]));
        }
        return doubles;
    }

    private ObjectNode scaling(String type) {
        return config.json().putObject(SCALING).put("rope_type", type);
    }

    private void linear() {
        double factor = config.number("rope.scaling.factor").orElse(1);
        config.withoutEffect("rope.scaling.original_context_length");
        if (factor != 1) {
            scaling("linear").put("factor", factor);
        }
    }

    private void yarn() {
        ObjectNode scaling =
                scaling("yarn").put("factor", config.number("rope.scaling.factor").orElse(1));
        config.integer("rope.scaling.original_context_length")
                .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
        config.number("rope.scaling.yarn_beta_fast")
                .ifPresent(beta -> scaling.put("beta_fast", beta));
        config.number("rope.scaling.yarn_beta_slow")
                .ifPresent(beta -> scaling.put("beta_slow", beta));
        config.number("rope.scaling.yarn_attn_factor")
                .ifPresent(factor -> scaling.put("attention_factor", factor));
        if (config.number("rope.scaling.yarn_ext_factor").orElse(1) != 1
                || config.number("rope.scaling.attn_factor").orElse(1) != 1) {
            throw config.unsupported(
                    "rope.scaling.yarn_ext_factor or attn_factor is not 1, which is not read");
        }
    }

    private void longrope() {
        ObjectNode scaling = scaling("longrope");
        list(scaling, "long_factor", factors("rope_factors_long.weight"));
        list(scaling, "short_factor", factors("rope_factors_short.weight"));
        config.sizeIfThere(
                "rope.scaling.original_context_length", "original_max_position_embeddings");
        double magnitude = magnitude();
        config.number("rope.scaling.attn_factor")
                .ifPresent(given -> {
                    if (Math.abs(given - magnitude) > SAME * magnitude) {
                        scaling.put("attention_factor", given);
                    }
                });
        config.withoutEffect("rope.scaling.factor");
    }

    /// What turned vectors are multiplied by in longrope, unless a file says otherwise.
    double magnitude() {
        int context = config.require("context_length");
        int original = config.integer("rope.scaling.original_context_length").orElse(context);
        return original >= context
                ? 1
                : Math.sqrt(1 + Math.log((double) context / original) / Math.log(original));
    }

    /// Llama 3's, where the factors are those that it has in every published model; otherwise one
    /// by one.
    private void factors(double[] factors) {
        config.withoutEffect("rope.scaling.factor", "rope.scaling.original_context_length");
        double most = 1;
        for (double factor : factors) {
            most = Math.max(most, factor);
        }
        if (isLlama3(factors, most, 4)) {
            llama3(most, 4);
        } else if (isLlama3(factors, most, 1)) {
            llama3(most, 1);
        } else {
            ObjectNode scaling = scaling("longrope").put("attention_factor", 1.0);
            list(scaling, "long_factor", factors);
            list(scaling, "short_factor", factors);
        }
    }

    private void llama3(double most, double high) {
        scaling("llama3")
                .put("factor", most)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", high)
                .put("original_max_position_embeddings", (int) PRETRAINED);
    }

    /// What divides the frequencies of Llama 3.1, 3.2 and 3.3: nothing where waves are short,
    /// `most` where they are long, and something in between; in Llama 4 Scout nothing lies between.
    private boolean isLlama3(double[] factors, double most, double high) {
        double theta = config.number("rope.freq_base").orElse(10_000);
        for (int i = 0; i < factors.length; i++) {
            double length = 2 * Math.PI * Math.pow(theta, (double) i / factors.length);
            double expected = llama3(length, most, high);
            if (Math.abs(factors[i] - expected) > SAME * expected) {
                return false;
            }
        }
        return most > 1;
    }

    private static double llama3(double length, double most, double high) {
        if (length > PRETRAINED) {
            return most;
        }
        double share = (PRETRAINED / length - 1) / (high - 1);
        return share < 1 ? 1 / ((1 - share) / most + share) : 1;
    }

    private static void list(ObjectNode scaling, String key, double[] numbers) {
        ArrayNode list = scaling.putArray(key);
        for (double number : numbers) {
            list.add(number);
        }
    }

    /// Writes which blocks have a window.
    static void layerTypes(ConfigWriter config, List<Boolean> sliding) {
        ArrayNode types = config.json().putArray("layer_types");
        for (boolean window : sliding) {
            types.add(window ? "sliding_attention" : "full_attention");
        }
    }
}
