package entropylens.model;

/// The stream after the last block, on the heap.
///
/// @param floats `[rows × d_model]`
record HostLastRows(float[] floats, int dModel) implements LastRows {
    @Override
    public float[] floats(int[] rows) {
        float[] some = new float[rows.length * dModel];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(floats, rows[i] * dModel, some, i * dModel, dModel);
        }
        return some;
    }
}
