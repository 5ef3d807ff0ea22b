package entropylens.quantised;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;

/// Sizes of blocks that share a scale.
final class Blocks {
    private Blocks() {}

    /// Outputs and inputs of a block as `key` lists them; of no length where it is absent.
    static int[] of(ConfigJson settings, String key) {
        int[] block = settings.ints(key);
        if (block.length != 0 && (block.length != 2 || block[0] < 1 || block[1] < 1)) {
            throw new CheckpointException(
                    "%s: %s must be two sizes of at least 1, outputs and inputs; correct the file or download it again"
                            .formatted(settings.file(), key));
        }
        return block;
    }

    static String described(int[] block) {
        return "blocks of %d×%d".formatted(block[0], block[1]);
    }
}
