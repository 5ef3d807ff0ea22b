package entropylens.quantised;

import entropylens.checkpoint.Tensor;

/// Scales of a matrix of which rectangles share one each: the whole matrix, an output, a group of
/// an output's inputs, or a block.
///
/// @param outputs that share a scale
/// @param inputs that share a scale
/// @param perRow scales beside each other
record ScaleGrid(Scales scales, int outputs, int inputs, int perRow) {
    /// What a tensor of scales must be to fit a matrix; a block is cut off at the matrix's edge.
    ///
    /// @param block outputs and inputs of a block; of no size where there are none
    /// @throws entropylens.checkpoint.CheckpointException when the tensor's shape fits none
    static ScaleGrid of(Tensor scales, int outputs, int inputs, int... block) {
        Scales values = Scales.of(scales);
        long count = scales.elements();
        long columns = count == 0 ? 0 : scales.shape().isEmpty() ? 1 : scales.shape().getLast();
        int rank = scales.shape().size();
        if (block.length == 2 && rank == 2) {
            int perRow = ceil(inputs, block[1]);
            if (columns == perRow && scales.shape().getFirst() == ceil(outputs, block[0])) {
                return new ScaleGrid(values, block[0], block[1], perRow);
            }
        } else if (count == 1) {
            return new ScaleGrid(values, outputs, inputs, 1);
        } else if (count == outputs && (rank == 1 || columns == 1)) {
            return new ScaleGrid(values, 1, inputs, 1);
        } else if (rank == 2
                && scales.shape().getFirst() == outputs
                && columns > 0
                && inputs % columns == 0) {
            return new ScaleGrid(values, 1, (int) (inputs / columns), (int) columns);
        }
        throw Stored.wrong(
                scales,
                block.length == 2
                        ? "hold a scale for each block of %d×%d of %d×%d weights"
                                .formatted(block[0], block[1], outputs, inputs)
                        : "hold one scale, or one for each of %d outputs, or for equal groups of their %d inputs"
                                .formatted(outputs, inputs));
    }

    static int ceil(int n, int part) {
        return (int) (((long) n + part - 1) / part);
    }

    /// Place in the grid, for what is stored like the scales.
    long index(int output, int input) {
        return (long) (output / outputs) * perRow + input / inputs;
    }

    float at(int output, int input) {
        return scales.at(index(output, input));
    }
}
