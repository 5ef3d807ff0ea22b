package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.model.LastRows;
import java.lang.foreign.MemorySegment;

/// The stream after the last block, on the device.
final class CudaLastRows implements LastRows {
    private final DeviceMemory stream;
    private final int rows;
    private final int width;
    private final CudaUnembed unembed;

    CudaLastRows(DeviceMemory stream, int rows, int width, CudaUnembed unembed) {
        this.stream = stream;
        this.rows = rows;
        this.width = width;
        this.unembed = unembed;
    }

    @Override
    public float[] floats() {
        float[] floats = new float[rows * width];
        stream.copyTo(MemorySegment.ofArray(floats), 0);
        return floats;
    }

    @Override
    public float[] floats(int[] some) {
        return unembed.rows(stream.address(), some);
    }

    @Override
    public int[] mostProbable(int[] some) {
        return unembed.mostProbable(stream.address(), some);
    }

    @Override
    public void close() {
        stream.close();
    }
}
