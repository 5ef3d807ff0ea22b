package entropylens.cli;

import entropylens.result.Json;
import entropylens.zoo.ModelCard;
import entropylens.zoo.Zoo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The models of the zoo, and those in GGUF on this machine, as JSON. Keys are stable and described
/// in docs/method.md.
final class ZooJson {
    private ZooJson() {}

    static Map<String, Object> document(List<ModelCard> models, List<LocalGguf> gguf) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", Zoo.root().toString());
        json.put("default", Zoo.DEFAULT);
        json.put("models", models.stream().map(ZooJson::model).toList());
        json.put("gguf", gguf.stream().map(LocalGguf::json).toList());
        json.put("program", Json.program());
        return json;
    }

    private static Map<String, Object> model(ModelCard card) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", card.name());
        json.put("path", Zoo.root().resolve(card.name()).toString());
        json.put("family", card.family());
        json.put("blocks", card.blocks());
        json.put("width", card.width());
        json.put("parameters", card.parameters());
        json.put("tokens_seen", card.tokensSeen());
        json.put("heldout_loss", card.heldoutLoss());
        json.put("trigram_entropy", card.trigramEntropy());
        json.put("unigram_entropy", card.unigramEntropy());
        Map<String, Object> accuracy = new LinkedHashMap<>();
        accuracy.put("knowledge", accuracy(card.knowledge()));
        accuracy.put("context", accuracy(card.context()));
        json.put("accuracy", accuracy);
        return json;
    }

    private static Map<String, Object> accuracy(ModelCard.Accuracy accuracy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", accuracy.n());
        json.put("correct", accuracy.correct());
        json.put("accuracy", accuracy.accuracy());
        json.put("low", accuracy.low());
        json.put("high", accuracy.high());
        return json;
    }
}
