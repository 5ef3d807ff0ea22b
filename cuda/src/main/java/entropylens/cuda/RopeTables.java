package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.model.BatchRows;
import entropylens.model.Rope;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// Cosines and sines of the rotary embeddings of a model, by position, kept on the device as far as
/// texts went.
final class RopeTables {
    private static final int SMALLEST = 256;

    private final Gpu gpu;
    private final Map<Rope, Map<Integer, Table>> tables = new IdentityHashMap<>();

    /// The lines of the positions from 0 on.
    private record Table(DeviceMemory cos, DeviceMemory sin, int lines) {
        void close() {
            cos.close();
            sin.close();
        }
    }

    /// What the rows of a pass are turned by.
    ///
    /// @param cos,sin addresses, or what [PassUpload#address] is asked with
    /// @param byRow whether each row has a line of its own, and not each position
    record Turn(long cos, long sin, boolean byRow) {}

    RopeTables(Gpu gpu) {
        this.gpu = gpu;
    }

    /// What a pass needs of a rope; what belongs to this pass alone is added to its upload.
    Turn of(Rope rope, BatchRows rows, PassUpload upload) {
        int capacity = rows.session(0).capacity();
        int kind = rope.kindOf(capacity);
        int last = 0;
        boolean alike = true;
        for (int r = 0; r < rows.count(); r++) {
            alike &= rope.kindOf(rows.session(r).capacity()) == kind;
            last = Math.max(last, rows.position(r));
        }
        if (!alike) {
            return lineForEachRow(rope, rows, upload);
        }
        Table table = table(rope, kind, capacity, last + 1);
        return new Turn(table.cos.address(), table.sin.address(), false);
    }

    private Table table(Rope rope, int kind, int capacity, int lines) {
        Map<Integer, Table> ofRope = tables.computeIfAbsent(rope, r -> new HashMap<>());
        Table table = ofRope.get(kind);
        if (table == null || table.lines < lines) {
            if (table != null) {
                table.close();
                ofRope.remove(kind); // should there be no room for a larger one
            }
            table = made(rope.at(capacity), Math.max(SMALLEST, 2 * Integer.highestOneBit(lines)));
            ofRope.put(kind, table);
        }
        return table;
    }

    private Table made(Rope.Fixed fixed, int lines) {
        int half = fixed.inverseFrequencies().length;
        float[] cos = new float[lines * half];
        float[] sin = new float[lines * half];
        for (int position = 0; position < lines; position++) {
            fixed.turn(position, cos, sin, position * half);
        }
        Table table =
                new Table(
                        gpu.allocate((long) cos.length * Float.BYTES, "cosines of positions"),
                        gpu.allocate((long) sin.length * Float.BYTES, "sines of positions"),
                        lines);
        table.cos.copyFrom(cos);
        table.sin.copyFrom(sin);
        return table;
    }

    private static Turn lineForEachRow(Rope rope, BatchRows rows, PassUpload upload) {
        int half = rope.rotated() / 2;
        float[] cos = new float[rows.count() * half];
        float[] sin = new float[rows.count() * half];
        for (int r = 0; r < rows.count(); r++) {
            rope.at(rows.session(r).capacity()).turn(rows.position(r), cos, sin, r * half);
        }
        return new Turn(upload.add(cos), upload.add(sin), true);
    }
}
