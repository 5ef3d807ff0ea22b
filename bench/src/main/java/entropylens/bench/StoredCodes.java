package entropylens.bench;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.quantised.Mxfp4;
import entropylens.quantised.Quantisation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Quantised matrices of random codes, as published safetensors files keep them.
final class StoredCodes {
    /// Formats that whole models are published in. Those of `mxfp4` keep only experts so.
    static final List<String> OF_MODELS = List.of("fp8", "int8", "int4", "gptq", "awq", "nf4");

    private static final int GROUP = 128;

    private StoredCodes() {}

    /// The matrix in a format, in a file of its own under `directory`.
    static Matrix matrix(Path directory, String format, int outputs, int inputs, Arena arena)
            throws IOException {
        StoredTensors tensors = new StoredTensors();
        add(tensors, format, "x", outputs, inputs);
        Files.writeString(
                directory.resolve("config.json"),
                "{\"quantization_config\": %s}".formatted(settings(format)));
        tensors.write(directory.resolve("model.safetensors"));
        Checkpoint checkpoint = Checkpoint.open(directory, arena);
        return format.equals("mxfp4")
                ? Mxfp4.expert(checkpoint, "x", 1, 0, outputs, inputs)
                : Quantisation.of(ConfigJson.read(directory.resolve("config.json")), checkpoint)
                        .flatMap(how -> how.matrix("x", outputs, inputs))
                        .orElseThrow();
    }

    /// What config.json says of a format.
    static String settings(String format) {
        return switch (format) {
            case "fp8" -> "{\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}";
            case "int8" -> compressed("int-quantized", 8);
            case "int4" -> compressed("pack-quantized", 4);
            case "gptq" -> "{\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128}";
            case "awq" -> "{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 128}";
            case "nf4" -> "{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}";
            case "mxfp4" -> "{\"quant_method\": \"mxfp4\"}";
            default -> throw new IllegalArgumentException("no format " + format);
        };
    }

    private static String compressed(String form, int bits) {
        return "{\"quant_method\": \"compressed-tensors\", \"format\": \"%s\", \"config_groups\": {\"a\": {\"weights\": {\"num_bits\": %d}}}}"
                .formatted(form, bits);
    }

    /// Adds what a module's weights are stored as; they are of standard deviation `1/√inputs`.
    ///
    /// @return bytes of them
    static long add(StoredTensors to, String format, String module, long outputs, long inputs) {
        long groups = inputs / GROUP;
        double scale = 1 / (deviation(format) * Math.sqrt(inputs));
        switch (format) {
            case "fp8" -> {
                to.add(module + ".weight", "F8_E4M3", StoredCodes::floats, outputs, inputs);
                scales(to, module + ".weight_scale_inv", "F32", scale, outputs / 128, inputs / 128);
                return outputs * inputs + outputs * inputs / (128 * 128) * 4;
            }
            case "int8" -> {
                to.add(module + ".weight", "I8", StoredTensors.codes(), outputs, inputs);
                scales(to, module + ".weight_scale", "BF16", scale, outputs, 1);
                return outputs * inputs + 2 * outputs;
            }
            case "int4" -> {
                codes(to, module + ".weight_packed", outputs, inputs / 8);
                scales(to, module + ".weight_scale", "BF16", scale, outputs, groups);
                return outputs * inputs / 2 + 2 * outputs * groups;
            }
            case "gptq" -> {
                codes(to, module + ".qweight", inputs / 8, outputs);
                codes(to, module + ".qzeros", groups, outputs / 8);
                scales(to, module + ".scales", "F16", scale, groups, outputs);
                return outputs * inputs / 2 + outputs * groups * 5 / 2;
            }
            case "awq" -> {
                codes(to, module + ".qweight", inputs, outputs / 8);
                codes(to, module + ".qzeros", groups, outputs / 8);
                scales(to, module + ".scales", "F16", scale, groups, outputs);
                return outputs * inputs / 2 + outputs * groups * 5 / 2;
            }
            case "nf4" -> {
                nf4(to, module, scale, outputs, inputs);
                return outputs * inputs / 2 + outputs * inputs / 64 * 4;
            }
            case "mxfp4" -> {
                to.add(module + "_blocks", "U8", StoredTensors.codes(), outputs, inputs / 32, 16);
                byte[] exponents = new byte[Math.toIntExact(outputs * inputs / 32)];
                Arrays.fill(exponents, (byte) 120);
                to.add(
                        module + "_scales",
                        "U8",
                        (piece, random) -> piece.put(exponents, 0, piece.remaining()),
                        outputs,
                        inputs / 32);
                return outputs * inputs / 2 + outputs * inputs / 32;
            }
            default -> throw new IllegalArgumentException("no format " + format);
        }
    }

    /// Of what random codes mean, before scales.
    private static double deviation(String format) {
        return switch (format) {
            case "fp8" -> 110; // half of the sum of squares is that of the largest exponent
            case "int8" -> 74;
            case "int4" -> 4.6;
            case "gptq", "awq" -> 6.5;
            case "nf4" -> 0.61;
            default -> 1;
        };
    }

    private static void nf4(
            StoredTensors to, String module, double scale, long outputs, long inputs) {
        to.add(module + ".weight", "U8", StoredTensors.codes(), outputs * inputs / 2, 1);
        scales(to, module + ".weight.absmax", "F32", scale, outputs * inputs / 64);
        to.add(
                module + ".weight.quant_map",
                "F32",
                (piece, random) -> {
                    for (int i = 0; i < 16; i++) {
                        piece.putFloat((2 * i - 15) / 15f);
                    }
                },
                16);
        byte[] state =
                "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [%d, %d]}"
                        .formatted(outputs, inputs)
                        .getBytes(StandardCharsets.UTF_8);
        to.add(
                module + ".weight.quant_state.bitsandbytes__nf4",
                "U8",
                StoredTensors.bytes(state),
                state.length);
    }

    private static void codes(StoredTensors to, String name, long... shape) {
        to.add(name, "I32", StoredTensors.codes(), shape);
    }

    private static void scales(
            StoredTensors to, String name, String type, double scale, long... shape) {
        to.add(name, type, StoredTensors.constant(type, scale), shape);
    }

    /// Eight-bit floats, none of which is no number.
    private static void floats(ByteBuffer piece, SplittableRandom random) {
        ByteBuffer codes = piece.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        StoredTensors.codes().fill(piece, random);
        for (int i = codes.position(); i < codes.limit(); i++) {
            if ((codes.get(i) & 0x7F) == 0x7F) {
                codes.put(i, (byte) 0);
            }
        }
    }
}
