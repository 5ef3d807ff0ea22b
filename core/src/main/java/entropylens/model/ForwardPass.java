package entropylens.model;

import entropylens.kernels.Matrix;
import java.util.Collection;
import java.util.OptionalLong;

/// What computes the forward pass of a model for a batch of sessions, and keeps their state where
/// it computes: the processor ([Decoder]), or a device.
public interface ForwardPass {
    /// What a session of `capacity` tokens will remember: nothing yet.
    SessionState newState(int capacity);

    /// Room for rows of the stream that sessions keep ([Session#keep]).
    ///
    /// @param together rows that belong together and are made room for at once
    /// @param limit of rows, beyond which there are rarely more
    KeptRows newRows(int together, int limit);

    /// Feeds rows through all blocks, patches and shows the stream, keeps what is to be kept, and
    /// stores the new state. Sessions are locked, and advance afterwards.
    LastRows run(BatchRows rows);

    /// Rows that one pass should have at least for the hardware to be busy, where there are as
    /// many.
    default int rowsPerPass() {
        return 1;
    }

    /// Bytes that sessions, kept rows and activations may take where they are not on the heap;
    /// empty where they are.
    default OptionalLong memory() {
        return OptionalLong.empty();
    }

    /// Bytes that matrices beside the model's, as those of a lens, will take of [#memory] once they
    /// are used, if they are not there yet; 0 where they are read where they lie.
    default long bytesToCome(Collection<Matrix> matrices) {
        return 0;
    }
}
