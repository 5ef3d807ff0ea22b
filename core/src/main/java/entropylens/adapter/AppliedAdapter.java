package entropylens.adapter;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What is known of an adapter after it was applied.
///
/// @param directory that it was read from
/// @param scale that was asked for; see [AdapterSource]
/// @param kind `LoRA`, `rsLoRA`, `DoRA` or `rsDoRA`
/// @param modules how many projections it adapts
/// @param ranks that its matrices have
/// @param replaced how many tensors of the model it replaces by its own
/// @param baseModel the model that it was trained on, as its configuration names it
/// @param configSha256 of adapter_config.json
/// @param sha256 of its tensors' file, as [entropylens.checkpoint.Checkpoint#contentSha256]
public record AppliedAdapter(
        Path directory,
        double scale,
        String kind,
        int modules,
        SortedSet<Integer> ranks,
        int replaced,
        Optional<String> baseModel,
        String configSha256,
        String sha256) {
    public AppliedAdapter {
        ranks = new TreeSet<>(ranks);
    }
}
