package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Operand;
import entropylens.kernels.ComposedProducts;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.Phase;
import entropylens.kernels.Precision;
import entropylens.kernels.Projection;
import entropylens.kernels.WorkerPool;
import entropylens.lens.RowReader;
import entropylens.lens.Unembed;
import entropylens.model.DecoderConfig;
import entropylens.model.DeviceBackend;
import entropylens.model.ForwardPass;
import entropylens.model.Weights;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Products on an NVIDIA GPU. Weights are copied there once; activations travel there and back for
/// every product, and all that is between products runs on the processor. So it serves every model.
///
/// How many rows are multiplied together decides the order of a row's sums, so that a text's
/// numbers agree to rounding, and not to the bit, with those that it has beside other texts.
public final class CudaBackend implements DeviceBackend, RowReader.Maker {
    /// System property: `true` leaves all but products to the processor, for comparisons.
    static final String PRODUCTS_ONLY = "entropylens.cuda.productsOnly";

    private final Gpu gpu;
    private final Precision precision;
    private final WorkerPool pool;
    private final Kernels kernels = Kernels.best();
    private final DeviceWeights weights;
    private final DeviceWork work;

    /// What keeps whole passes from being computed here; empty where they are.
    private Optional<String> lacking = Optional.empty();

    CudaBackend(Gpu gpu, Precision precision, WorkerPool pool) {
        this.gpu = gpu;
        this.precision = precision;
        this.pool = pool;
        this.work = new DeviceWork(gpu);
        this.weights = new DeviceWeights(gpu, precision, kernels);
        gpu.products(); // so that a missing library is said before weights are read
    }

    /// `cuda/sm_90 float32`; with `products` behind it where the device computes these alone.
    @Override
    public String name() {
        return "cuda/%s %s%s"
                .formatted(
                        gpu.architecture(),
                        precision.word(),
                        lacking.isPresent() ? " products" : "");
    }

    /// Why the device computes products alone, in a few words; empty where it computes whole
    /// passes.
    @Override
    public Optional<String> note() {
        return lacking.map(
                "the GPU computes products alone, and the processor all else (%s)"::formatted);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public WorkerPool pool() {
        return pool;
    }

    /// The device.
    public Gpu gpu() {
        return gpu;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    /// The weights that are on the device.
    public DeviceWeights weights() {
        return weights;
    }

    /// Copies all weights of a model to the device, or refuses before anything is copied.
    @Override
    public Optional<ForwardPass> forwardPass(DecoderConfig config, Weights modelWeights) {
        weights.load(ModelMatrices.multiplied(modelWeights));
        lacking =
                Boolean.getBoolean(PRODUCTS_ONLY)
                        ? Optional.of("as asked for")
                        : CudaDecoder.lacking(config, modelWeights);
        return lacking.isPresent()
                ? Optional.empty()
                : Optional.of(new CudaDecoder(work, config, modelWeights, weights, precision));
    }

    @Override
    public RowReader rowReader(Unembed unembed) {
        return new CudaReadout(this, work, unembed);
    }

    @Override
    public void apply(Projection projection, float[] x, int rows, Phase phase, float[] out) {
        ComposedProducts.apply(projection, x, rows, out, this::product);
    }

    private void product(Linear linear, float[] x, int rows, float[] out) {
        Operand operand = weights.operand(linear.matrix());
        int outputs = linear.outputs();
        long inputBytes = (long) rows * linear.inputs() * Float.BYTES;
        long outputBytes = (long) rows * outputs * Float.BYTES;
        try (DeviceMemory from = gpu.pool().take(inputBytes, "the activations of a product");
                DeviceMemory to = gpu.pool().take(outputBytes, "the outputs of a product")) {
            from.copyFrom(MemorySegment.ofArray(x).asSlice(0, inputBytes), 0);
            gpu.products()
                    .multiply(
                            gpu.stream(),
                            precision,
                            operand,
                            from.address(),
                            rows,
                            to.address(),
                            outputs,
                            false);
            to.copyTo(MemorySegment.ofArray(out).asSlice(0, outputBytes), 0);
        }
        float[] bias = linear.bias();
        if (bias != null) {
            pool.run(
                    rows,
                    row -> {
                        for (int o = 0; o < outputs; o++) {
                            out[row * outputs + o] += bias[o];
                        }
                    });
        }
    }

    /// Read where it is mapped: a row of a table is small.
    @Override
    public void read(Matrix table, int row, float[] to, int toOffset) {
        kernels.read(table, row, 0, 1, table.inputs(), to, toOffset);
    }

    @Override
    public PanelProducts panels(Matrix matrix, float[] x, int rows) {
        return new CudaPanels(gpu, precision, weights.operand(matrix), x, rows, kernels.lanes());
    }

    /// Gives back all that it has on the device.
    @Override
    public void close() {
        weights.close();
        gpu.close();
    }
}
