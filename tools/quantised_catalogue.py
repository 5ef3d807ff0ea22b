"""The quantised checkpoints that goldens are made of."""

import torch
from quantised_formats import (
    BLOCK, PER_BLOCK, PER_OUTPUT, PER_TENSOR, Format, awq, bnb4, bnb8, compressed_fp8, compressed_int8, compressed_packed,
    dequantise_fp8, fp8, gptq, mxfp4,
)

BF16, F16, F32 = torch.bfloat16, torch.float16, torch.float32
ONE = torch.tensor(0.5)


def compressed(name, family, weights, functions, form, dtype=BF16, extras=None, ignore=("lm_head",)):
    config = {
        "quant_method": "compressed-tensors",
        "format": form,
        "quantization_status": "compressed",
        "global_compression_ratio": None,
        "ignore": list(ignore),
        "kv_cache_scheme": None,
        "config_groups": {
            "group_0": {"targets": ["Linear"], "input_activations": None, "output_activations": None, "weights": weights}
        },
    }
    return Format(name, family, config, *functions, dtype=dtype, extras=extras or {})


def weights(bits, kind, strategy, symmetric=True, **more):
    return {"num_bits": bits, "type": kind, "strategy": strategy, "symmetric": symmetric, "dynamic": False} | more


FORMATS = [
    Format(
        "fp8-block", "qwen3",
        {"quant_method": "fp8", "activation_scheme": "dynamic", "fmt": "e4m3", "weight_block_size": list(BLOCK),
         "modules_to_not_convert": ["lm_head"]},
        *fp8(".weight_scale_inv", PER_BLOCK, BF16), dequantise_fp8(".weight_scale_inv"),
    ),
    Format(
        "fp8-tensor", "llama", {"quant_method": "fp8", "activation_scheme": "static"},
        *fp8(".weight_scale", PER_TENSOR, F32), dequantise_fp8(".weight_scale"), extras={".input_scale": ONE},
    ),
    Format(
        "fbgemm-fp8", "llama",
        {"quant_method": "fbgemm_fp8", "activation_scale_ub": 1200.0, "modules_to_not_convert": ["lm_head"]},
        *fp8(".weight_scale", PER_OUTPUT, F32), dequantise_fp8(".weight_scale"), extras={".input_scale_ub": ONE},
    ),
    compressed(
        "compressed-fp8-channel", "llama", weights(8, "float", "channel"), compressed_fp8(PER_OUTPUT, BF16),
        "float-quantized", extras={".input_scale": ONE},
    ),
    compressed(
        "compressed-fp8-block", "qwen3", weights(8, "float", "block", block_structure=list(BLOCK)),
        compressed_fp8(PER_BLOCK, F32), "float-quantized",
    ),
    compressed(
        "compressed-int8", "llama", weights(8, "int", "channel"), compressed_int8(False, BF16), "int-quantized",
        ignore=("lm_head", "re:.*nothing.*"),
    ),
    compressed(
        "compressed-int8-zeros", "llama", weights(8, "int", "channel", False), compressed_int8(True, F16),
        "int-quantized", dtype=F16,
    ),
    compressed(
        "compressed-int4", "qwen3", weights(4, "int", "group", group_size=16), compressed_packed(4, 16, False, False, BF16),
        "pack-quantized",
    ),
    compressed(
        "compressed-int4-order", "llama", weights(4, "int", "group", False, group_size=8, actorder="group"),
        compressed_packed(4, 8, True, True, BF16), "pack-quantized",
    ),
    compressed(
        "compressed-int4-zeros", "llama", weights(4, "int", "group", False, group_size=16),
        compressed_packed(4, 16, True, False, F16), "pack-quantized", dtype=F16,
    ),
    compressed(
        "compressed-int8-packed", "llama", weights(8, "int", "channel", False), compressed_packed(8, None, True, False, BF16),
        "pack-quantized",
    ),
    Format(
        "gptq", "llama",
        {"quant_method": "gptq", "bits": 4, "group_size": 16, "desc_act": False, "sym": False, "damp_percent": 0.01},
        *gptq(4, 16, False, False), dtype=F16, extras={".bias": torch.zeros(1)},
    ),
    Format(
        "gptq-order", "qwen3",
        {"quant_method": "gptq", "bits": 4, "group_size": 8, "desc_act": True, "sym": False,
         "checkpoint_format": "gptq"},
        *gptq(4, 8, True, False), dtype=F16,
    ),
    Format(
        "gptq-v2", "llama",
        {"quant_method": "gptq", "bits": 4, "group_size": 16, "desc_act": False, "checkpoint_format": "gptq_v2",
         "pack_dtype": "int32", "meta": {"quantizer": ["gptqmodel:4.0.0"]}},
        *gptq(4, 16, False, True, BF16),
    ),
    Format(
        "gptq-8bit", "llama", {"quant_method": "gptq", "bits": 8, "group_size": -1, "desc_act": False},
        *gptq(8, None, False, False), dtype=F16,
    ),
    Format(
        "awq", "llama",
        {"quant_method": "awq", "bits": 4, "group_size": 16, "zero_point": True, "version": "gemm",
         "modules_to_not_convert": None},
        *awq(16), dtype=F16,
    ),
    Format(
        "bnb-nf4-nested", "qwen3",
        {"quant_method": "bitsandbytes", "load_in_4bit": True, "load_in_8bit": False, "bnb_4bit_quant_type": "nf4",
         "bnb_4bit_use_double_quant": True, "bnb_4bit_compute_dtype": "bfloat16", "bnb_4bit_quant_storage": "uint8",
         "llm_int8_skip_modules": ["lm_head"], "llm_int8_threshold": 6.0},
        *bnb4("nf4", True, BF16),
    ),
    Format(
        "bnb-fp4", "llama",
        {"quant_method": "bitsandbytes", "load_in_4bit": True, "load_in_8bit": False, "bnb_4bit_quant_type": "fp4",
         "bnb_4bit_use_double_quant": False},
        *bnb4("fp4", False, F16), dtype=F16,
    ),
    Format(
        "bnb-int8", "llama",
        {"quant_method": "bitsandbytes", "load_in_4bit": False, "load_in_8bit": True, "llm_int8_threshold": 6.0},
        *bnb8(), dtype=F16,
    ),
    Format(
        "mxfp4", "", {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"]}, *mxfp4(),
        end_to_end=False,
    ),
]
