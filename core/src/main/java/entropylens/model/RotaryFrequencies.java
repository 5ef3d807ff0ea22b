package entropylens.model;

/// Frequencies of the rotary embedding, computed in float32 as Hugging Face transformers does.
public final class RotaryFrequencies {
    private RotaryFrequencies() {}

    /// `theta^(-2i / d_head)` (Su et al. 2021, arXiv 2104.09864).
    public static float[] plain(double theta, int dHead) {
        float[] frequencies = new float[dHead / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = (float) (2 * i) / dHead;
            frequencies[i] = 1f / (float) Math.pow(theta, exponent);
        }
        return frequencies;
    }

    /// Llama 3.1's scaling (`rope_type: llama3`): wavelengths above `originalContext / lowFactor`
    /// are divided by `factor`, those below `originalContext / highFactor` are kept, and between
    /// them the two are blended. Source: Hugging Face transformers, `_compute_llama3_parameters`.
    public static float[] llama3(
            float[] plain,
            double factor,
            double lowFactor,
            double highFactor,
            double originalContext) {
        float[] scaled = new float[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double wavelength = 2 * Math.PI / plain[i];
            if (wavelength > originalContext / lowFactor) {
                scaled[i] = (float) (plain[i] / factor);
            } else if (wavelength < originalContext / highFactor) {
                scaled[i] = plain[i];
            } else {
                double smooth =
                        (originalContext / wavelength - lowFactor) / (highFactor - lowFactor);
                scaled[i] = (float) ((1 - smooth) * plain[i] / factor + smooth * plain[i]);
            }
        }
        return scaled;
    }
}
