"""Ways to keep a matrix in few bits: each quantises a float32 matrix `[outputs, inputs]` into the tensors that its
checkpoints hold, draws such tensors at random, and gives the float32 weights that its reference computes of them.

References: FP8 and MXFP4 are transformers' own functions. The others are the published formulas, written in torch;
their libraries are not needed. Sources are named beside each.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from transformers.integrations.finegrained_fp8 import Fp8Dequantize
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

Tensors = dict[str, torch.Tensor]
F8 = torch.float8_e4m3fn


@dataclass(frozen=True)
class Format:
    """How a module `X` is stored: tensors `X` + suffix."""

    name: str
    family: str
    quantization_config: dict
    quantise: Callable[[torch.Tensor], Tensors]
    random: Callable[[int, int, torch.Generator], Tensors]
    dequantise: Callable[[Tensors, int, int], torch.Tensor]
    dtype: torch.dtype = torch.bfloat16
    extras: Tensors = field(default_factory=dict)  # beside each module; nothing may change by them
    end_to_end: bool = True


def random_bytes(shape, generator, dtype=torch.uint8):
    return torch.randint(0, 256, shape, generator=generator, dtype=torch.int32).to(torch.uint8).view(dtype)


def random_words(shape, generator):
    return random_bytes((*shape, 4), generator).view(torch.int32).reshape(shape)


def random_scales(shape, generator, dtype):
    """Of many sizes, some negative, some 0."""
    sizes = torch.exp(4 * torch.randn(shape, generator=generator))
    signs = torch.randint(-8, 9, shape, generator=generator).sign()
    return (sizes * signs * 0.01).clamp(-1000, 1000).to(dtype)


# --- FP8: Fp8Dequantize of transformers ---------------------------------------------------------

FP8_MAX = 448.0
BLOCK = (16, 32)


def fp8_scales(weight, scale_shape):
    rows, columns = scale_shape
    blocks = weight.reshape(rows, weight.shape[0] // rows, columns, weight.shape[1] // columns)
    return blocks.abs().amax((1, 3)) / FP8_MAX


def spread(scales, shape):
    scales = scales.reshape(1, 1) if scales.numel() == 1 else scales
    return scales.repeat_interleave(shape[0] // scales.shape[0], 0).repeat_interleave(shape[1] // scales.shape[1], 1)


def fp8(scale_name, scale_of, dtype):
    def quantise(weight):
        scales = fp8_scales(weight, scale_of(*weight.shape)).to(dtype)
        codes = (weight / spread(scales.float(), weight.shape)).clamp(-FP8_MAX, FP8_MAX).to(F8)
        return {".weight": codes, scale_name: scalar_if_one(scales, scale_of)}

    def random(outputs, inputs, generator):
        scales = random_scales(scale_of(outputs, inputs), generator, dtype)
        return {
            ".weight": random_bytes((outputs, inputs), generator, F8),
            scale_name: scalar_if_one(scales, scale_of),
        }

    return quantise, random


def scalar_if_one(scales, scale_of):
    return scales.reshape(()) if scale_of is PER_TENSOR else scales


def dequantise_fp8(scale_name):
    def dequantise(tensors, outputs, inputs):
        scales = tensors[scale_name]
        scales = scales.reshape(1, 1) if scales.numel() == 1 else scales
        return Fp8Dequantize(None)._dequantize_one(tensors[".weight"], scales, torch.float32)

    return dequantise


def PER_TENSOR(outputs, inputs):
    return (1, 1)


def PER_OUTPUT(outputs, inputs):
    return (outputs, 1)


def PER_BLOCK(outputs, inputs):
    return (outputs // BLOCK[0], inputs // BLOCK[1])


# --- compressed-tensors: _dequantize (quantization/lifecycle/forward.py), pack_to_int32 and
# --- unpack_from_int32 (compressors/quantized_compressors/pack_quantized.py) ----------------------


def _dequantize(codes, scale, zero_point=None):
    values = codes.to(scale.dtype)
    if zero_point is not None:
        values = values - zero_point.to(scale.dtype)
    return (values * scale).float()


def pack_to_int32(values, bits, packed_dim=1):
    if packed_dim == 0:
        return pack_to_int32(values.T, bits).T.contiguous()
    per_word = 32 // bits
    unsigned = values.to(torch.int64) + (1 << (bits - 1))
    unsigned = torch.nn.functional.pad(unsigned, (0, -unsigned.shape[1] % per_word))
    shifts = bits * torch.arange(per_word)
    words = (unsigned.reshape(unsigned.shape[0], -1, per_word) << shifts).sum(-1)
    return to_int32(words)


def to_int32(words):
    return torch.where(words >= 1 << 31, words - (1 << 32), words).to(torch.int32)


def unpack_from_int32(words, bits, shape, packed_dim=1):
    if packed_dim == 0:
        return unpack_from_int32(words.T, bits, (shape[1], shape[0])).T
    shifts = bits * torch.arange(32 // bits)
    values = (words.to(torch.int64)[:, :, None] >> shifts) & ((1 << bits) - 1)
    return (values.reshape(words.shape[0], -1)[:, : shape[1]] - (1 << (bits - 1))).to(torch.int8)


def compressed_fp8(scale_of, dtype):
    quantise, random = fp8(".weight_scale", scale_of, dtype)

    def dequantise(tensors, outputs, inputs):
        return _dequantize(tensors[".weight"], spread(tensors[".weight_scale"], (outputs, inputs)))

    return quantise, random, dequantise


def integers(weight, bits, groups, asymmetric, dtype):
    """Codes, scales and zero points of groups of neighbouring inputs."""
    half = 1 << (bits - 1)
    parts = weight.reshape(weight.shape[0], groups, -1)
    if asymmetric:
        low, high = parts.amin(-1).clamp(max=0), parts.amax(-1).clamp(min=0)
        scales = ((high - low) / (2 * half - 1)).to(dtype)
        zeros = (-half - low / scales.float()).round().clamp(-half, half - 1)
    else:
        scales = (parts.abs().amax(-1) / (half - 0.5)).to(dtype)
        zeros = torch.zeros_like(scales, dtype=torch.float32)
    codes = (parts / scales.float()[:, :, None]).round() + zeros[:, :, None]
    codes = codes.clamp(-half, half - 1).to(torch.int8).reshape(weight.shape)
    return codes, scales, zeros.to(torch.int8)


def compressed_int8(asymmetric, dtype):
    def quantise(weight):
        codes, scales, zeros = integers(weight, 8, 1, asymmetric, dtype)
        return {".weight": codes, ".weight_scale": scales} | ({".weight_zero_point": zeros} if asymmetric else {})

    def random(outputs, inputs, generator):
        zeros = {".weight_zero_point": random_bytes((outputs, 1), generator, torch.int8)} if asymmetric else {}
        return {
            ".weight": random_bytes((outputs, inputs), generator, torch.int8),
            ".weight_scale": random_scales((outputs, 1), generator, dtype),
        } | zeros

    def dequantise(tensors, outputs, inputs):
        return _dequantize(tensors[".weight"], tensors[".weight_scale"], tensors.get(".weight_zero_point"))

    return quantise, random, dequantise


def compressed_packed(bits, group, asymmetric, act_order, dtype):
    def g_idx(inputs, groups, generator):
        return (torch.randperm(inputs, generator=generator) // (inputs // groups)).to(torch.int32)

    def groups_of(inputs):
        return inputs // group if group else 1

    def shape_of(outputs, inputs):
        return {".weight_shape": torch.tensor([outputs, inputs])}

    def quantise(weight):
        outputs, inputs = weight.shape
        order = g_idx(inputs, groups_of(inputs), torch.Generator().manual_seed(inputs))
        by_group = torch.argsort(order, stable=True) if act_order else torch.arange(inputs)
        codes, scales, zeros = integers(weight[:, by_group], bits, groups_of(inputs), asymmetric, dtype)
        placed = torch.empty_like(codes)
        placed[:, by_group] = codes
        tensors = {".weight_packed": pack_to_int32(placed, bits), ".weight_scale": scales} | shape_of(outputs, inputs)
        if asymmetric:
            tensors[".weight_zero_point"] = pack_to_int32(zeros, bits, packed_dim=0)
        if act_order:
            tensors[".weight_g_idx"] = order
        return tensors

    def random(outputs, inputs, generator):
        groups = groups_of(inputs)
        tensors = {
            ".weight_packed": random_words((outputs, -(-inputs * bits // 32)), generator),
            ".weight_scale": random_scales((outputs, groups), generator, dtype),
        } | shape_of(outputs, inputs)
        if asymmetric:
            tensors[".weight_zero_point"] = random_words((-(-outputs * bits // 32), groups), generator)
        if act_order:
            tensors[".weight_g_idx"] = torch.randint(groups, (inputs,), generator=generator, dtype=torch.int32)
        return tensors

    def dequantise(tensors, outputs, inputs):
        scales = tensors[".weight_scale"]
        groups = scales.shape[1]
        index = tensors.get(".weight_g_idx", torch.arange(inputs) // (inputs // groups)).long()
        codes = unpack_from_int32(tensors[".weight_packed"], bits, (outputs, inputs))
        zeros = None
        if asymmetric:
            zeros = unpack_from_int32(tensors[".weight_zero_point"], bits, (outputs, groups), packed_dim=0)[:, index]
        return _dequantize(codes, scales[:, index], zeros)

    return quantise, random, dequantise


# --- GPTQ: QuantLinear.forward of AutoGPTQ 0.7 (nn_modules/qlinear/qlinear_cuda_old.py) ------------


def gptq(bits, group, act_order, v2, dtype=torch.float16):
    per_word, mask = 32 // bits, (1 << bits) - 1
    shifts = bits * torch.arange(per_word)

    def pack_rows(codes):  # [inputs, outputs]: along the inputs
        words = codes.to(torch.int64).reshape(-1, per_word, codes.shape[1]) << shifts[None, :, None]
        return to_int32(words.sum(1))

    def pack_columns(codes):  # [groups, outputs]: along the outputs
        words = codes.to(torch.int64).reshape(codes.shape[0], -1, per_word) << shifts
        return to_int32(words.sum(-1))

    def quantise(weight):
        outputs, inputs = weight.shape
        groups = inputs // group if group else 1
        g_idx = torch.arange(inputs) // (inputs // groups)
        if act_order:
            g_idx = g_idx[torch.randperm(inputs, generator=torch.Generator().manual_seed(inputs))]
        by_group = torch.argsort(g_idx, stable=True)
        codes, scales, zeros = integers(weight[:, by_group], bits, groups, True, dtype)
        half = 1 << (bits - 1)
        placed = torch.empty_like(codes, dtype=torch.int64)
        placed[:, by_group] = codes.long() + half
        zeros = (zeros.long() + half).clamp(min=1) - (0 if v2 else 1)
        return {
            ".qweight": pack_rows(placed.T),
            ".qzeros": pack_columns(zeros.T),
            ".scales": scales.T.contiguous(),
            ".g_idx": g_idx.to(torch.int32),
        }

    def random(outputs, inputs, generator):
        groups = inputs // group if group else 1
        return {
            ".qweight": random_words((inputs * bits // 32, outputs), generator),
            ".qzeros": random_words((groups, outputs * bits // 32), generator),
            ".scales": random_scales((groups, outputs), generator, dtype),
            ".g_idx": torch.randint(groups, (inputs,), generator=generator, dtype=torch.int32)
            if act_order
            else (torch.arange(inputs) // (inputs // groups)).to(torch.int32),
        }

    def dequantise(tensors, outputs, inputs):
        zeros = torch.bitwise_right_shift(tensors[".qzeros"][:, :, None].expand(-1, -1, per_word), shifts.int())
        zeros = (torch.bitwise_and(zeros, mask) + (0 if v2 else 1)).reshape(tensors[".scales"].shape)
        weight = torch.bitwise_right_shift(
            tensors[".qweight"][:, None, :].expand(-1, per_word, -1), shifts.int()[None, :, None]
        )
        weight = torch.bitwise_and(weight, mask).reshape(inputs, outputs)
        g_idx = tensors[".g_idx"].long()
        return (tensors[".scales"][g_idx] * (weight - zeros[g_idx])).T.float()

    return quantise, random, dequantise


# --- AWQ: unpack_awq, reverse_awq_order, dequantize_gemm of AutoAWQ 0.2 (utils/packing_utils.py) ----

AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]
AWQ_REVERSE_ORDER = [0, 4, 1, 5, 2, 6, 3, 7]


def awq(group, dtype=torch.float16):
    def pack(codes):  # [rows, outputs]
        ordered = codes.to(torch.int64).reshape(codes.shape[0], -1, 8)[:, :, AWQ_ORDER]
        return to_int32((ordered << (4 * torch.arange(8))).sum(-1))

    def unpack(words):
        shifts = torch.arange(0, 32, 4)
        codes = torch.bitwise_right_shift(words[:, :, None], shifts[None, None, :]).to(torch.int8)
        order = torch.arange(codes.shape[1] * 8).view(-1, 8)[:, AWQ_REVERSE_ORDER].view(-1)
        return torch.bitwise_and(codes.view(codes.shape[0], -1)[:, order], 15)

    def quantise(weight):
        codes, scales, zeros = integers(weight, 4, weight.shape[1] // group, True, dtype)
        return {
            ".qweight": pack(codes.T + 8), ".qzeros": pack(zeros.T + 8), ".scales": scales.T.contiguous()
        }

    def random(outputs, inputs, generator):
        groups = inputs // group
        return {
            ".qweight": random_words((inputs, outputs // 8), generator),
            ".qzeros": random_words((groups, outputs // 8), generator),
            ".scales": random_scales((groups, outputs), generator, dtype),
        }

    def dequantise(tensors, outputs, inputs):
        size = inputs // tensors[".scales"].shape[0]
        scales = tensors[".scales"].repeat_interleave(size, dim=0)
        zeros = unpack(tensors[".qzeros"]).repeat_interleave(size, dim=0)
        return ((unpack(tensors[".qweight"]) - zeros) * scales).T.float()

    return quantise, random, dequantise


# --- bitsandbytes: kDequantizeBlockwise (csrc/kernels.cu), dequantize_4bit and create_dynamic_map,
# --- int8_vectorwise_dequant (functional.py) -------------------------------------------------------

NF4 = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
]
FP4 = [x / 12 for x in (0, 0.0625, 8, 12, 4, 6, 2, 3, -0.0, -0.0625, -8, -12, -4, -6, -2, -3)]
ONE_127TH = 0.007874015718698502


def dynamic_map():
    """The 256 values of absmax: signed, seven bits of exponent and fraction together."""
    values = []
    for exponent in range(7):
        edges = torch.linspace(0.1, 1, 2**exponent + 1)
        means = (edges[:-1] + edges[1:]) / 2
        values += (10.0 ** (exponent - 6) * means).tolist() + (-(10.0 ** (exponent - 6)) * means).tolist()
    return torch.tensor(sorted(values + [0.0, 1.0]), dtype=torch.float32)


def bnb4(kind, nested, dtype, block=16, nested_block=32):
    table = torch.tensor(NF4 if kind == "nf4" else FP4, dtype=torch.float32)

    def state(shape, offset):
        settings = {"quant_type": kind, "blocksize": block, "dtype": str(dtype)[6:], "shape": list(shape)}
        if nested:
            settings |= {"nested_blocksize": nested_block, "nested_dtype": "float32", "nested_offset": offset}
        return torch.tensor(list(json.dumps(settings).encode()), dtype=torch.uint8)

    def tensors_of(codes, absmax, shape):
        pairs = codes.reshape(-1, 2)
        tensors = {".weight": ((pairs[:, :1] << 4) | pairs[:, 1:]).to(torch.uint8), ".weight.quant_map": table}
        offset = absmax.mean().item()
        tensors[f".weight.quant_state.bitsandbytes__{kind}"] = state(shape, offset)
        if not nested:
            return tensors | {".weight.absmax": absmax}
        rest = absmax - offset
        large = torch.stack([part.abs().amax().clamp(min=1e-6) for part in rest.split(nested_block)])
        shares = rest / large.repeat_interleave(nested_block)[: len(rest)]
        map2 = dynamic_map()
        return tensors | {
            ".weight.absmax": (shares[:, None] - map2).abs().argmin(-1).to(torch.uint8),
            ".weight.nested_absmax": large,
            ".weight.nested_quant_map": map2,
        }

    def quantise(weight):
        blocks = weight.reshape(-1, block)
        absmax = blocks.abs().amax(-1)
        codes = ((blocks / absmax[:, None])[:, :, None] - table).abs().argmin(-1)
        return tensors_of(codes, absmax, weight.shape)

    def random(outputs, inputs, generator):
        n = outputs * inputs
        codes = torch.randint(16, (n,), generator=generator)
        return tensors_of(codes, random_scales((n // block,), generator, torch.float32), (outputs, inputs))

    def dequantise(tensors, outputs, inputs):
        absmax = tensors[".weight.absmax"]
        if nested:
            offset = json.loads(bytes(tensors[f".weight.quant_state.bitsandbytes__{kind}"].tolist()))["nested_offset"]
            large = tensors[".weight.nested_absmax"].repeat_interleave(nested_block)[: len(absmax)]
            absmax = tensors[".weight.nested_quant_map"][absmax.long()] * large
            absmax += offset
        pairs = tensors[".weight"].reshape(-1).long()
        codes = torch.stack([pairs >> 4, pairs & 15], -1).reshape(-1)
        return (table[codes] * absmax.repeat_interleave(block)).to(dtype).float().reshape(outputs, inputs)

    return quantise, random, dequantise


def bnb8():
    def quantise(weight):
        largest = weight.abs().amax(-1)
        codes = (weight / largest[:, None] * 127).round().to(torch.int8)
        return {".weight": codes, ".SCB": largest, ".weight_format": torch.tensor(0, dtype=torch.uint8)}

    def random(outputs, inputs, generator):
        return {
            ".weight": random_bytes((outputs, inputs), generator, torch.int8),
            ".SCB": random_scales((outputs,), generator, torch.float32),
            ".weight_format": torch.tensor(0, dtype=torch.uint8),
        }

    def dequantise(tensors, outputs, inputs):
        return tensors[".weight"] * tensors[".SCB"].view(-1, 1) * ONE_127TH

    return quantise, random, dequantise


# --- MXFP4: convert_moe_packed_tensors of transformers ---------------------------------------------

EXPERTS = 3


def mxfp4():
    def random(outputs, inputs, generator):
        shape = (EXPERTS, outputs, inputs // 32)
        return {
            "_blocks": random_bytes((*shape, 16), generator),
            "_scales": random_bytes(shape, generator),
        }

    def dequantise(tensors, outputs, inputs):
        return convert_moe_packed_tensors(tensors["_blocks"], tensors["_scales"], dtype=torch.float32).transpose(1, 2)

    return None, random, dequantise
