// What all kernels share; stands before the text of each file. Nothing is included: NVRTC has no
// headers. Tensors are row-major float32 where nothing else is said.

#ifndef DYNAMIC_SHARED
// The memory that the launch gives each block, 16-byte aligned.
#define DYNAMIC_SHARED(type, name)                                  \
    extern __shared__ __align__(16) unsigned char dynamic_shared[]; \
    type* name = reinterpret_cast<type*>(dynamic_shared)
#endif

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define FULL_WARP 0xffffffffu
#define MINUS_INFINITY __int_as_float(0xff800000)

// WeightType.ordinal()
#define TYPE_F32 0
#define TYPE_F16 1
#define TYPE_BF16 2

static __device__ __forceinline__ float from_bf16(u16 bits) {
    return __uint_as_float(static_cast<u32>(bits) << 16);
}

// To nearest, ties to even; a NaN stays one.
static __device__ __forceinline__ u16 to_bf16(float value) {
    u32 bits = __float_as_uint(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return static_cast<u16>(bits >> 16 | 0x40u);
    }
    return static_cast<u16>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

static __device__ __forceinline__ float from_f16(u16 bits) {
    u32 sign = static_cast<u32>(bits & 0x8000u) << 16;
    u32 rest = bits & 0x7fffu;
    if (rest >= 0x7c00u) {
        return __uint_as_float(sign | 0x7f800000u | rest << 13);
    }
    // 2^112 brings the exponent from half's bias to float's, and makes small numbers normal
    float magnitude = __uint_as_float(rest << 13) * __uint_as_float(0x77800000u);
    return __uint_as_float(sign | __float_as_uint(magnitude));
}

// To nearest, ties to even; a NaN stays one.
static __device__ __forceinline__ u16 to_f16(float value) {
    u32 bits = __float_as_uint(value);
    u32 sign = bits >> 16 & 0x8000u;
    u32 rest = bits & 0x7fffffffu;
    if (rest > 0x7f800000u) {
        return static_cast<u16>(sign | 0x7e00u);
    }
    if (rest >= 0x477ff000u) { // 65,520 and more
        return static_cast<u16>(sign | 0x7c00u);
    }
    if (rest < 0x38800000u) { // below the least normal number: adding ½ puts the fraction in place
        float shifted = __uint_as_float(rest) + 0.5f;
        return static_cast<u16>(sign | (__float_as_uint(shifted) - 0x3f000000u));
    }
    u32 rounded = rest + 0xfffu + (rest >> 13 & 1u) - 0x38000000u;
    return static_cast<u16>(sign | rounded >> 13);
}

static __device__ __forceinline__ float weight_at(const void* weights, int type, i64 at) {
    if (type == TYPE_F32) {
        return static_cast<const float*>(weights)[at];
    }
    u16 bits = static_cast<const u16*>(weights)[at];
    return type == TYPE_F16 ? from_f16(bits) : from_bf16(bits);
}

static __device__ __forceinline__ void put_weight(void* weights, int type, i64 at, float value) {
    if (type == TYPE_F32) {
        static_cast<float*>(weights)[at] = value;
    } else {
        static_cast<u16*>(weights)[at] = type == TYPE_F16 ? to_f16(value) : to_bf16(value);
    }
}

// First index of this thread and step to its next, for grids of any size. Not unrolled: threads are many,
// and code takes its time to compile.
#define FLAT_LOOP(i, n)                                                                   \
    _Pragma("unroll 1")                                                                   \
    for (i64 i = static_cast<i64>(blockIdx.x) * blockDim.x + threadIdx.x; i < (n);        \
            i += static_cast<i64>(gridDim.x) * blockDim.x)

template <class T>
static __device__ __forceinline__ T warp_sum(T value) {
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        value += __shfl_xor_sync(FULL_WARP, value, lanes);
    }
    return value;
}

// The larger one, or a NaN where there is one: it must not be lost.
static __device__ __forceinline__ float larger(float a, float b) {
    return b > a || b != b ? b : a;
}

static __device__ __forceinline__ float warp_larger(float value) {
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        value = larger(value, __shfl_xor_sync(FULL_WARP, value, lanes));
    }
    return value;
}

// The sum over a block of whole warps, for every thread. `scratch` holds 32 values and is free again
// after the next barrier.
template <class T>
static __device__ __forceinline__ T block_sum(T value, T* scratch) {
    int warps = blockDim.x / 32;
    value = warp_sum(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        scratch[threadIdx.x / 32] = value;
    }
    __syncthreads();
    T sum = scratch[0];
    for (int w = 1; w < warps; w++) {
        sum += scratch[w];
    }
    return sum;
}

// `c · tanh(z / c)`; 0 stands for no soft-cap.
static __device__ __forceinline__ float soft_capped(float z, float c) {
    return c == 0 ? z : c * tanhf(z / c);
}

// ---- what both kinds of attention share ----

// Four neighbours of a vector of float32 or bfloat16. `whole`: its width is a multiple of 4, so that
// quads are aligned.
static __device__ __forceinline__ float4 quad_at(const float* vector, int quad, int width, bool whole) {
    if (whole) {
        return reinterpret_cast<const float4*>(vector)[quad];
    }
    const float* at = vector + 4 * quad;
    int rest = width - 4 * quad;
    return make_float4(at[0], rest > 1 ? at[1] : 0.0f, rest > 2 ? at[2] : 0.0f, rest > 3 ? at[3] : 0.0f);
}

static __device__ __forceinline__ float4 quad_at(const u16* vector, int quad, int width, bool whole) {
    if (whole) {
        ushort4 bits = reinterpret_cast<const ushort4*>(vector)[quad];
        return make_float4(from_bf16(bits.x), from_bf16(bits.y), from_bf16(bits.z), from_bf16(bits.w));
    }
    const u16* at = vector + 4 * quad;
    int rest = width - 4 * quad;
    return make_float4(from_bf16(at[0]), rest > 1 ? from_bf16(at[1]) : 0.0f, rest > 2 ? from_bf16(at[2]) : 0.0f,
            rest > 3 ? from_bf16(at[3]) : 0.0f);
}

// Attention with linear biases, as Positions.Alibi has it; no slopes, no bias.
struct Bias {
    const float* slopes;
    int rounded;
    float scale;

    __device__ __forceinline__ float applied(float score, int head, int position) const {
        if (slopes == nullptr) {
            return score;
        }
        float bias = slopes[head] * static_cast<float>(position);
        if (rounded) {
            float product = from_bf16(to_bf16(slopes[head])) * from_bf16(to_bf16(static_cast<float>(position)));
            bias = from_bf16(to_bf16(product));
        }
        return score + (scale == 1 ? bias : bias * scale);
    }
};

// What is left of a sum of exponentials relative to `most` when the sink joins them: the factor that
// makes a mix with such weights one whose weights, with the sink's, sum to 1.
static __device__ __forceinline__ float share(float most, float sum, float sink) {
    if (sink == MINUS_INFINITY) {
        return 1 / sum;
    }
    float larger_one = larger(most, sink);
    float own = expf(most - larger_one);
    return own / (sum * own + expf(sink - larger_one));
}

// One warp makes up to 128 scores of a head into weights relative to the largest score so far, and
// says by what earlier sums have to be multiplied.
static __device__ __forceinline__ void soften(float* scores, int n, float& most, float& total, float* factor) {
    int lane = threadIdx.x % 32;
    float s[4];
    float largest = most;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int k = lane + 32 * i;
        s[i] = k < n ? scores[k] : MINUS_INFINITY;
        largest = larger(largest, s[i]);
    }
    largest = warp_larger(largest);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int k = lane + 32 * i;
        if (k < n) {
            float weight = expf(s[i] - largest);
            scores[k] = weight;
            sum += weight;
        }
    }
    float drop = most == MINUS_INFINITY ? 0.0f : expf(most - largest);
    total = total * drop + warp_sum(sum);
    most = largest;
    if (lane == 0) {
        *factor = drop;
    }
}
