package entropylens.kernels;

/// Products of some rows with the outputs of a matrix, a panel of neighbouring outputs at a time: a
/// readout looks at each panel for a moment, and all of them together are never stored. The backend
/// that makes it chooses panels, tiles and the order of sums.
///
/// Safe to use from several threads. A row's products do not depend on the rows beside it.
public interface PanelProducts {
    /// How the rows lie in what [#compute] returns.
    RowTiles tiles();

    /// Number of panels.
    int panels();

    /// First output of a panel.
    int firstOutput(int panel);

    /// Outputs of a panel.
    int outputs(int panel);

    /// The products of one panel: tile after tile, each `[output][row of the tile]`, a tile of
    /// `outputs` outputs beginning at [RowTiles#offset]. Valid until this thread computes its next
    /// panel; the caller may change them.
    float[] compute(int panel);

    /// One product with the very bits that [#compute] gives it.
    float exact(int row, int output);
}
