package entropylens.quantised;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.Codes;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/// Floats of 4 bits (e2m1) in blocks of 32 that share a power of two, the files of gpt-oss:
/// `X_blocks` `[…, outputs, inputs / 32, 16]` and `X_scales` `[…, outputs, inputs / 32]`, where …
/// is the expert if there are several.
///
/// A weight is `value · 2^(scale - 127)`, infinite where float32 ends: `convert_moe_packed_tensors`
/// of transformers 5.18 (integrations/mxfp4.py).
public final class Mxfp4 implements Format {
    /// Weights that share a scale.
    public static final int BLOCK = 32;

    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";
    private static final float[] E2M1 = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

    /// What the 16 codes stand for under each of the 256 scales.
    private static final float[] VALUES = values();

    private final Stored stored;

    Mxfp4(ConfigJson settings, Stored stored) {
        this.stored = stored;
        settings.withoutEffect("dequantize", "modules_to_not_convert", "use_kernels");
    }

    private static float[] values() {
        float[] values = new float[256 * Codes.NIBBLES];
        for (int scale = 0; scale < 256; scale++) {
            for (int code = 0; code < Codes.NIBBLES; code++) {
                float value = Math.scalb(E2M1[code & 7], scale - 127);
                values[scale * Codes.NIBBLES + code] = code < 8 ? value : -value;
            }
        }
        return values;
    }

    @Override
    public String described() {
        return "mxfp4, blocks of " + BLOCK;
    }

    @Override
    public boolean has(String module) {
        return stored.has(module + BLOCKS) || stored.has(module + ".weight" + BLOCKS);
    }

    @Override
    public CodedMatrix matrix(String module, int outputs, int inputs) {
        String name = stored.has(module + BLOCKS) ? module : module + ".weight";
        return expert(stored.checkpoint(), name, 1, 0, outputs, inputs);
    }

    CodedMatrix ofStack(String name, int experts, int expert, int outputs, int inputs) {
        return expert(stored.checkpoint(), name, experts, expert, outputs, inputs);
    }

    /// One expert's matrix; tensors of one expert alone may lack the first dimension. Rows keep the
    /// file's order: those of `gate_up_proj` take turns, gate first.
    ///
    /// @param name without `_blocks`, as in `model.layers.0.mlp.experts.gate_up_proj`
    /// @throws entropylens.checkpoint.CheckpointException when the tensors do not have these sizes
    public static CodedMatrix expert(
            Checkpoint checkpoint, String name, int experts, int expert, int outputs, int inputs) {
        Stored stored = new Stored(checkpoint);
        Tensor blocks = stored.take(name + BLOCKS, Set.of(DType.U8));
        Tensor scales = stored.take(name + SCALES, Set.of(DType.U8));
        int groups = inputs / BLOCK;
        List<Long> rows = List.of((long) outputs, (long) groups);
        requireShape(scales, experts, inputs, rows);
        requireShape(blocks, experts, inputs, List.of((long) outputs, (long) groups, BLOCK / 2L));
        long perExpert = (long) outputs * groups;
        MemorySegment codes =
                blocks.data().asSlice(expert * perExpert * BLOCK / 2, perExpert * BLOCK / 2);
        MemorySegment exponents = scales.data().asSlice(expert * perExpert, perExpert);
        RowDecoder decoder = (output, to, at) -> decode(codes, exponents, output, groups, to, at);
        return new CodedMatrix("MXFP4", decoder, 0, outputs, inputs, groups * (BLOCK / 2.0 + 1));
    }

    private static void requireShape(Tensor tensor, int experts, int inputs, List<Long> ofOne) {
        List<Long> shape = tensor.shape();
        boolean alone = experts == 1 && shape.equals(ofOne);
        boolean many =
                shape.size() == ofOne.size() + 1
                        && shape.getFirst() == experts
                        && shape.subList(1, shape.size()).equals(ofOne);
        if (inputs % BLOCK != 0 || !(alone || many)) {
            throw Stored.wrong(
                    tensor,
                    "have the shape %s for each of %d experts, for %d inputs in blocks of %d"
                            .formatted(ofOne, experts, inputs, BLOCK));
        }
    }

    private static void decode(
            MemorySegment codes, MemorySegment scales, int output, int groups, float[] to, int at) {
        long block = (long) output * groups;
        for (int g = 0; g < groups; g++, block++) {
            int scale = scales.get(ValueLayout.JAVA_BYTE, block) & 0xFF;
            Codes.nibbles(
                    codes,
                    block * BLOCK,
                    BLOCK,
                    false,
                    VALUES,
                    scale * Codes.NIBBLES,
                    to,
                    at + g * BLOCK);
        }
    }

    @Override
    public boolean harmless(String tensor) {
        return false;
    }
}
