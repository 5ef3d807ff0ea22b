package entropylens.spark;

import java.io.Serial;
import java.util.Objects;
import org.apache.spark.Partitioner;

/// A partition for each unit of prompts.
final class UnitPartitioner extends Partitioner {
    @Serial private static final long serialVersionUID = 1;

    private final int units;

    UnitPartitioner(int units) {
        this.units = units;
    }

    @Override
    public int numPartitions() {
        return units;
    }

    /// @param key the unit
    @Override
    public int getPartition(Object key) {
        return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitPartitioner that && units == that.units;
    }

    @Override
    public int hashCode() {
        return Objects.hash(units);
    }
}
