package entropylens.model;

import entropylens.kernels.Backend;
import java.util.Optional;

/// A backend that may compute whole forward passes, with everything of a session where it computes.
public interface DeviceBackend extends Backend {
    /// A forward pass of a model; empty where the model has something that it does not know. Then
    /// the model runs on the processor, with this backend's products.
    Optional<ForwardPass> forwardPass(DecoderConfig config, Weights weights);
}
