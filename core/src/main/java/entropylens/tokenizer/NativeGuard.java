package entropylens.tokenizer;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the native library (tokenizers 0.21.4 in DJL 0.38.0) does not survive: it panics, and a
/// panic below JNI ends the JVM. Found by damaging files at random; each check names what it saw.
final class NativeGuard {

    private NativeGuard() {}

    /// A number must be one of 64 bits.
    static Optional<String> objectionToDecoder(JsonNode decoder) {
        boolean tooLarge =
                decoder.isNumber()
                        ? !Double.isFinite(decoder.asDouble(Double.NaN))
                        : decoder.valueStream()
                                .anyMatch(inside -> objectionToDecoder(inside).isPresent());
        return tooLarge
                ? Optional.of("its decoder holds a number that is too large")
                : Optional.empty();
    }

    /// A template may only use special tokens that it defines.
    static Optional<String> objection(JsonNode postProcessor) {
        if (postProcessor.path("type").asString("").equals("TemplateProcessing")) {
            JsonNode defined = postProcessor.path("special_tokens");
            for (JsonNode use : postProcessor.findValues("SpecialToken")) {
                String id = use.path("id").asString("");
                if (!defined.has(id)) {
                    return Optional.of(
                            "its post_processor uses the special token '%s', but does not define it"
                                    .formatted(id));
                }
            }
        }
        for (JsonNode processor : postProcessor.path("processors").values()) {
            Optional<String> objection = objection(processor);
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }
}
