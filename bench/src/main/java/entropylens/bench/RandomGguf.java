package entropylens.bench;

import entropylens.bench.RandomWeights.Shape;
import entropylens.kernels.BlockFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A Llama of random weights in a GGUF file, all matrices in blocks of one type.
final class RandomGguf {
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int U32 = 4;
    private static final int FLOAT = 6;
    private static final int TEXT = 8;
    private static final int F32 = 0;

    /// @param format null of a norm's weights, which are plain floats
    private record Tensor(String name, int outputs, int inputs, BlockFormat format) {
        long bytes() {
            return format == null ? 4L * inputs : format.bytes(inputs) * outputs;
        }
    }

    private final ByteArrayOutputStream header = new ByteArrayOutputStream();

    private RandomGguf() {}

    static RandomCheckpoint write(Shape shape, BlockFormat format, Path directory)
            throws IOException {
        List<Tensor> tensors = tensors(shape, format);
        Path file = directory.resolve("model.gguf");
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] head = new RandomGguf().header(shape, tensors);
            out.write(head);
            out.write(new byte[padding(head.length)]);
            for (Tensor tensor : tensors) {
                StoredTensors.fill(
                        tensor.bytes(),
                        new SplittableRandom(tensor.name.hashCode()),
                        content(tensor),
                        out);
                out.write(new byte[padding(tensor.bytes())]);
            }
        }
        long matrices =
                tensors.stream().filter(t -> t.format != null).mapToLong(Tensor::bytes).sum();
        return new RandomCheckpoint(file, matrices);
    }

    private static StoredTensors.Content content(Tensor tensor) {
        if (tensor.format == null) {
            return StoredTensors.constant("F32", 1);
        }
        byte[] some = RandomBlocks.pattern(tensor.format, tensor.inputs);
        int[] at = {0}; // pieces end within blocks
        return (piece, random) -> {
            while (piece.hasRemaining()) {
                int count = Math.min(some.length - at[0], piece.remaining());
                piece.put(some, at[0], count);
                at[0] = (at[0] + count) % some.length;
            }
        };
    }

    private static List<Tensor> tensors(Shape shape, BlockFormat format) {
        int d = shape.dModel();
        List<Tensor> all = new ArrayList<>();
        all.add(new Tensor("token_embd.weight", shape.dVocab(), d, format));
        all.add(new Tensor("output_norm.weight", 1, d, null));
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "blk." + layer + ".";
            all.add(new Tensor(block + "attn_norm.weight", 1, d, null));
            all.add(new Tensor(block + "attn_q.weight", d, d, format));
            all.add(new Tensor(block + "attn_k.weight", shape.keys(), d, format));
            all.add(new Tensor(block + "attn_v.weight", shape.keys(), d, format));
            all.add(new Tensor(block + "attn_output.weight", d, d, format));
            all.add(new Tensor(block + "ffn_norm.weight", 1, d, null));
            all.add(new Tensor(block + "ffn_gate.weight", shape.dMlp(), d, format));
            all.add(new Tensor(block + "ffn_up.weight", shape.dMlp(), d, format));
            all.add(new Tensor(block + "ffn_down.weight", d, shape.dMlp(), format));
        }
        return all;
    }

    private byte[] header(Shape shape, List<Tensor> tensors) {
        u32(MAGIC);
        u32(VERSION);
        u64(tensors.size());
        u64(11);
        key("general.architecture", TEXT);
        text("llama");
        size("context_length", 1024);
        size("block_count", shape.layers());
        size("embedding_length", shape.dModel());
        size("feed_forward_length", shape.dMlp());
        size("attention.head_count", shape.heads());
        size("attention.head_count_kv", shape.kvHeads());
        size("rope.dimension_count", shape.dModel() / shape.heads());
        size("vocab_size", shape.dVocab());
        number("attention.layer_norm_rms_epsilon", 1e-5f);
        number("rope.freq_base", 10_000);
        long offset = 0;
        for (Tensor tensor : tensors) {
            text(tensor.name);
            u32(tensor.format == null ? 1 : 2);
            u64(tensor.inputs);
            if (tensor.format != null) {
                u64(tensor.outputs);
            }
            u32(tensor.format == null ? F32 : RandomBlocks.ggmlType(tensor.format));
            u64(offset);
            offset += tensor.bytes() + padding(tensor.bytes());
        }
        return header.toByteArray();
    }

    private static int padding(long bytes) {
        return (int) (Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT - bytes);
    }

    private void size(String key, int value) {
        key("llama." + key, U32);
        u32(value);
    }

    private void number(String key, float value) {
        key("llama." + key, FLOAT);
        u32(Float.floatToRawIntBits(value));
    }

    private void key(String key, int type) {
        text(key);
        u32(type);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        u64(bytes.length);
        header.writeBytes(bytes);
    }

    private void u32(int value) {
        header.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    private void u64(long value) {
        header.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
}
