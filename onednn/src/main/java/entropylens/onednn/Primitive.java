package entropylens.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One of oneDNN's primitives, for one shape: a product, or a matrix written in another layout or
/// type. One thread executes it at a time.
final class Primitive implements AutoCloseable {
    /// What an argument is, as `dnnl_types.h` counts.
    private static final int SOURCE = 1;

    private static final int WEIGHTS = 33;
    private static final int DESTINATION = 17;
    private static final int SCRATCHPAD = 80;

    /// Bytes of a `dnnl_exec_arg_t`: what it is, padding, the memory.
    private static final int ARGUMENT_BYTES = 16;

    private static final int QUERY_WEIGHTS = 131;
    private static final int QUERY_SCRATCHPAD = 136;

    private static final long ALIGNMENT = 64;

    private final OneDnn library;
    private final MemorySegment desc;
    private final MemorySegment primitive;
    private final MemorySegment stream;
    private final List<MemorySegment> memories = new ArrayList<>();
    private final MemorySegment arguments;

    /// Held so that it lives as long as this.
    private final MemorySegment scratchpad;

    /// @param desc made on this thread after [OneDnn#useOneThread]
    private Primitive(OneDnn library, MemorySegment desc, List<MemorySegment> shapes, int... what) {
        Functions functions = library.functions();
        this.library = library;
        this.desc = desc;
        this.primitive = library.create(functions.primitiveCreate, desc);
        this.stream = library.create(functions.streamCreate, library.engine(), 1);
        this.arguments = Arena.ofAuto().allocate((what.length + 1L) * ARGUMENT_BYTES, ALIGNMENT);
        for (int i = 0; i < what.length; i++) {
            add(what[i], shapes.get(i), MemorySegment.NULL);
        }
        MemorySegment needed = shapeOf(QUERY_SCRATCHPAD);
        this.scratchpad = Arena.ofAuto().allocate(Math.max(1, bytes(needed)), ALIGNMENT);
        add(SCRATCHPAD, needed, scratchpad);
    }

    private void add(int what, MemorySegment shape, MemorySegment data) {
        MemorySegment memory =
                library.create(library.functions().memoryCreate, shape, library.engine(), data);
        long at = (long) memories.size() * ARGUMENT_BYTES;
        arguments.set(JAVA_INT, at, what);
        arguments.set(ADDRESS, at + 8, memory);
        memories.add(memory);
    }

    /// `products = weights · rows` in bfloat16, summed in float32. The weights are read where they
    /// lie; the rows are packed before, by [#packing].
    ///
    /// @param outputs of the weights, `outputs × inputs`
    /// @param stride between two outputs, in weights
    /// @param rows columns of the products, `outputs × rows`
    static Primitive product(OneDnn library, int outputs, int inputs, int stride, int rows) {
        MemorySegment weights = library.matrix(OneDnn.BF16, outputs, inputs, stride, 1);
        MemorySegment packed = library.matrixInAnyLayout(OneDnn.BF16, inputs, rows);
        MemorySegment products = library.matrix(OneDnn.F32, outputs, rows, rows, 1);
        library.useOneThread();
        MemorySegment desc =
                library.create(
                        library.functions().matmulCreate,
                        library.engine(),
                        weights,
                        packed,
                        MemorySegment.NULL,
                        products,
                        library.attributes());
        MemorySegment chosen = query(library, desc, QUERY_WEIGHTS);
        Primitive made =
                new Primitive(
                        library,
                        desc,
                        List.of(weights, chosen, products),
                        SOURCE,
                        WEIGHTS,
                        DESTINATION);
        destroyShapes(library, weights, packed, products);
        return made;
    }

    /// Writes `rows × inputs` floats as the rows that this product takes.
    Primitive packing(int rows, int inputs) {
        MemorySegment from = library.matrix(OneDnn.F32, inputs, rows, 1, inputs);
        Primitive made = reorder(library, from, shapeOf(QUERY_WEIGHTS));
        destroyShapes(library, from);
        return made;
    }

    /// Rounds float32 weights to bfloat16, as `outputs × inputs` without gaps.
    ///
    /// @param stride between two outputs, in weights
    static Primitive rounding(OneDnn library, int outputs, int inputs, int stride) {
        MemorySegment from = library.matrix(OneDnn.F32, outputs, inputs, stride, 1);
        MemorySegment to = library.matrix(OneDnn.BF16, outputs, inputs, inputs, 1);
        Primitive made = reorder(library, from, to);
        destroyShapes(library, from, to);
        return made;
    }

    private static Primitive reorder(OneDnn library, MemorySegment from, MemorySegment to) {
        library.useOneThread();
        MemorySegment desc =
                library.create(
                        library.functions().reorderCreate,
                        from,
                        library.engine(),
                        to,
                        library.engine(),
                        library.attributes());
        return new Primitive(library, desc, List.of(from, to), SOURCE, DESTINATION);
    }

    private static void destroyShapes(OneDnn library, MemorySegment... shapes) {
        for (MemorySegment shape : shapes) {
            library.call(library.functions().descDestroy, shape);
        }
    }

    /// Bytes of the packed rows of a product.
    long packedBytes() {
        return bytes(shapeOf(QUERY_WEIGHTS));
    }

    private MemorySegment shapeOf(int query) {
        return query(library, desc, query);
    }

    /// Belongs to what is asked.
    private static MemorySegment query(OneDnn library, MemorySegment desc, int query) {
        return (MemorySegment) library.call(library.functions().queryDesc, desc, query, 0);
    }

    private long bytes(MemorySegment shape) {
        return (long) library.call(library.functions().descSize, shape);
    }

    /// Executes it on this thread.
    ///
    /// @param source cannot be unmapped meanwhile
    /// @param others in the order of the primitive: weights and products, or what is written
    void run(MemorySegment source, MemorySegment... others) {
        Functions functions = library.functions();
        try {
            set(functions, 0, source);
            for (int i = 0; i < others.length; i++) {
                set(functions, i + 1, others[i]);
            }
            library.useOneThread();
            OneDnn.require(
                    (int)
                            functions.execute.invokeExact(
                                    primitive, stream, memories.size(), arguments, source));
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
    }

    private void set(Functions functions, int argument, MemorySegment data) throws Throwable {
        OneDnn.require((int) functions.setDataHandle.invokeExact(memories.get(argument), data));
    }

    @Override
    public void close() {
        Functions functions = library.functions();
        library.call(functions.primitiveDestroy, primitive);
        library.call(functions.primitiveDescDestroy, desc);
        memories.forEach(memory -> library.call(functions.memoryDestroy, memory));
        library.call(functions.streamDestroy, stream);
    }
}
