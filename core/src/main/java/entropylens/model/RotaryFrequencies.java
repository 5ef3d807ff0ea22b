package entropylens.model;

/// Frequencies of rotary embeddings, computed in float32 as Hugging Face transformers 5 does
/// (`modeling_rope_utils.py`), whose formulas these are where no other source is named.
public final class RotaryFrequencies {
    private RotaryFrequencies() {}

    /// `theta^(-2i / rotated)` (Su et al. 2021, arXiv 2104.09864).
    ///
    /// @param rotated how many elements of a head are turned; even
    public static float[] plain(double theta, int rotated) {
        float[] frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1f / wavelength(theta, rotated, i);
        }
        return frequencies;
    }

    /// `theta^(2i / rotated)`, up to 2π the positions of one turn.
    private static float wavelength(double theta, int rotated, int i) {
        return (float) Math.pow((float) theta, (float) (2 * i) / rotated);
    }

    /// Position interpolation: every frequency divided by `factor`.
    public static float[] linear(float[] plain, double factor) {
        float[] scaled = new float[plain.length];
        for (int i = 0; i < plain.length; i++) {
            scaled[i] = plain[i] / (float) factor;
        }
        return scaled;
    }

    /// Dynamic NTK: beyond the original context the base becomes `theta · (factor · length /
    /// original − (factor − 1))^(rotated / (rotated − 2))`.
    public static float[] dynamic(
            double theta, int rotated, double factor, int originalContext, int length) {
        double longer = Math.max(length, originalContext);
        double stretch = factor * longer / originalContext - (factor - 1);
        double exponent = (double) rotated / (rotated - 2);
        return plain(theta * Math.pow(stretch, exponent), rotated);
    }

    /// Longrope: frequency i divided by a factor of its own.
    public static float[] longrope(double theta, int rotated, double[] factors) {
        float[] scaled = new float[rotated / 2];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = 1f / ((float) factors[i] * wavelength(theta, rotated, i));
        }
        return scaled;
    }

    /// Longrope's magnitude: `√(1 + ln factor / ln originalContext)`.
    public static double longropeMagnitude(double factor, int originalContext) {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
    }

    /// Llama 3.1's scaling (`rope_type: llama3`): wavelengths above `originalContext / lowFactor`
    /// are divided by `factor`, those below `originalContext / highFactor` are kept, and between
    /// them the two are blended.
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

    /// What YaRN (Peng et al. 2023, arXiv 2309.00071) is told.
    ///
    /// @param betaFast turns over the original context above which a frequency is kept
    /// @param betaSlow turns below which it is divided by `factor`; between the two, a ramp
    /// @param truncate whether the ends of the ramp are rounded outwards to whole pairs
    public record Yarn(
            double factor,
            double betaFast,
            double betaSlow,
            double originalContext,
            boolean truncate) {

        /// The magnitude it uses when none is given: `0.1 · mscale · ln factor + 1`.
        public static double magnitude(double factor, double mscale) {
            return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
        }

        private double pairWithTurns(double turns, double theta, int rotated) {
            return rotated
                    * Math.log(originalContext / (turns * 2 * Math.PI))
                    / (2 * Math.log(theta));
        }
    }

    /// YaRN's frequencies.
    public static float[] yarn(double theta, int rotated, Yarn yarn) {
        double low = yarn.pairWithTurns(yarn.betaFast(), theta, rotated);
        double high = yarn.pairWithTurns(yarn.betaSlow(), theta, rotated);
        low = Math.max(yarn.truncate() ? Math.floor(low) : low, 0);
        high = Math.min(yarn.truncate() ? Math.ceil(high) : high, rotated - 1);
        high = high == low ? high + 0.001 : high;
        float[] scaled = new float[rotated / 2];
        for (int i = 0; i < scaled.length; i++) {
            float wavelength = wavelength(theta, rotated, i);
            float ramp = (float) Math.clamp((i - (float) low) / (float) (high - low), 0f, 1f);
            float kept = 1f / wavelength * (1 - ramp);
            scaled[i] = 1f / ((float) yarn.factor() * wavelength) * ramp + kept;
        }
        return scaled;
    }
}
