package entropylens.model;

/// Told what becomes of each text while it runs. Texts are named by their index.
public interface RunListener {
    /// A text begins; what is to see the stream inside the model is attached to its session now.
    default void begin(int text, Session session) {}

    /// Whether [#rows] is of use: rows on a device are brought from there.
    default boolean wantsRows() {
        return true;
    }

    /// Some tokens of a text went through the model.
    ///
    /// @param position in the text, of the first of them
    /// @param stream `[rows × d_model]` after the last block, not normed; borrowed: valid until
    ///   this method returns
    /// @param row where the first one is
    /// @param count number of rows
    default void rows(int text, int position, float[] stream, int row, int count) {}

    /// A forward pass is over that a text took part in: no position of it is half seen.
    ///
    /// @param ids all tokens that are known by now, the one just chosen included
    /// @param known how many of `ids` they are
    default void passed(int text, int[] ids, int known) {}

    /// Whether a text that is generated goes on. Asked after each of its passes; what runs beside
    /// it goes on whatever the answer.
    default boolean wantsMore(int text) {
        return true;
    }

    /// A text is through.
    ///
    /// @param ids prompt and generated tokens
    default void end(int text, int[] ids) {}
}
