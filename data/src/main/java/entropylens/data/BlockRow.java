package entropylens.data;

/// What a block does to the residual stream of a text: means over its positions.
///
/// @param block from 1
/// @param inputNorm Euclidean norm of the stream before the block
/// @param updateNorm Euclidean norm of what the block adds to it
/// @param cosine of the stream before and after the block; 1 less it is the Block Influence of
///   ShortGPT (Men et al. 2024, arXiv 2403.03853)
public record BlockRow(
        String study,
        String model,
        String textId,
        int block,
        double inputNorm,
        double updateNorm,
        double cosine) {}
