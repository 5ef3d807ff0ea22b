package entropylens.hook;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What each block may do, fixed for a session: a block skipped in prefill wrote no keys, and
/// decoding would attend to the hole.
///
/// @param actions by block, counted from 0; blocks that are not named run
/// @param patches rows that take the place of computed ones
public record Intervention(Map<Integer, BlockAction> actions, List<Patch> patches) {
    /// The model as it is.
    public static final Intervention NONE = new Intervention(Map.of());

    /// @throws IllegalArgumentException when two patches are for one row
    public Intervention {
        actions = Map.copyOf(actions);
        patches = List.copyOf(patches);
        Set<String> places = new HashSet<>();
        for (Patch patch : patches) {
            if (!places.add(patch.toString())) {
                throw new IllegalArgumentException("two patches are for " + patch);
            }
        }
    }

    /// Actions alone.
    public Intervention(Map<Integer, BlockAction> actions) {
        this(actions, List.of());
    }

    /// The same action on several blocks.
    public static Intervention of(BlockAction action, int... layers) {
        Map<Integer, BlockAction> actions = new TreeMap<>();
        for (int layer : layers) {
            if (actions.put(layer, action) != null) {
                throw new IllegalArgumentException("block " + layer + " is named twice");
            }
        }
        return new Intervention(actions);
    }

    /// Skips the blocks named.
    public static Intervention skip(int... layers) {
        return of(BlockAction.SKIP, layers);
    }

    /// The same, with other factors on some blocks.
    ///
    /// @throws IllegalArgumentException when a block has an action already
    public Intervention scaled(List<ScaledBlock> blocks) {
        Map<Integer, BlockAction> all = new TreeMap<>(actions);
        for (ScaledBlock block : blocks) {
            if (all.put(block.layer(), block.action()) != null) {
                throw new IllegalArgumentException(
                        "block %d is named twice".formatted(block.layer() + 1));
            }
        }
        return new Intervention(all, patches);
    }

    /// The blocks that are skipped, counted from 0.
    public List<Integer> skipped() {
        return actions.entrySet().stream()
                .filter(block -> block.getValue().equals(BlockAction.SKIP))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// The blocks that are neither skipped nor left as they are.
    public List<ScaledBlock> scaled() {
        return new TreeMap<>(actions)
                .entrySet().stream()
                        .map(block -> new ScaledBlock(block.getKey(), block.getValue()))
                        .filter(block -> !block.action().equals(BlockAction.SKIP))
                        .filter(block -> !block.action().equals(BlockAction.RUN))
                        .toList();
    }

    /// The same actions, with these patches.
    public Intervention patched(List<Patch> rows) {
        return new Intervention(actions, rows);
    }

    public BlockAction at(int layer) {
        return actions.getOrDefault(layer, BlockAction.RUN);
    }

    /// @throws IllegalArgumentException when a block is named that the model does not have
    public void requireWithin(int nLayers) {
        for (int layer : new TreeMap<>(actions).keySet()) {
            if (layer < 0 || layer >= nLayers) {
                throw new IllegalArgumentException(
                        "no block %d to intervene on; this model has blocks 0..%d"
                                .formatted(layer, nLayers - 1));
            }
        }
    }
}
