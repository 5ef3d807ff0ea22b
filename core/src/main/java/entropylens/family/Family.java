package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;
import java.util.List;

/// A family is data: how to read its configuration, and where its tensors are.
interface Family {
    /// Short name, for display.
    String name();

    /// The names under `architectures` in config.json that it reads.
    List<String> architectures();

    /// Reads every key that matters, and names the keys that do not. What is left over stops the
    /// load.
    DecoderConfig config(ConfigJson json);

    /// Takes every tensor that matters.
    Weights weights(DecoderConfig config, TensorReader tensors);

    /// Whether a tensor may be left over: a mask or a table that was stored with the weights.
    boolean harmless(String tensor, DecoderConfig config);
}
