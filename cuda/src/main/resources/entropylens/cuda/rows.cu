// Rows of activations: embeddings, norms, activations, sums, copies. Where a kernel is flat, its grid
// may be of any size and its blocks of any width; 256 threads and up to 4 elements a thread serve.

// ---- embeddings: a block for each row ----

// out[r] = table[tokens[r]] · scale
extern "C" __global__ void embed(
        float* out, const void* table, int type, const int* tokens, int rows, int width, float scale) {
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        i64 from = static_cast<i64>(tokens[r]) * width;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            out[static_cast<i64>(r) * width + i] = weight_at(table, type, from + i) * scale;
        }
    }
}

// x[r] += table[index[r]]
extern "C" __global__ void add_embedded(
        float* x, const void* table, int type, const int* index, int rows, int width) {
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        i64 from = static_cast<i64>(index[r]) * width;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            x[static_cast<i64>(r) * width + i] += weight_at(table, type, from + i);
        }
    }
}

// ---- norms: NormWeights.apply, statistics in float64 ----

#define NORM_RMS 0

static __device__ __forceinline__ void put_norm(
        float* out, const float* x, const float* weight, const float* bias, int i, double mean, double scale) {
    float normed = static_cast<float>((x[i] - mean) * scale);
    float scaled = normed * weight[i];
    out[i] = bias == nullptr ? scaled : scaled + bias[i];
}

// A block of whole warps for each vector of `width`. Vector v has the weights of vector v % weights.
// With factors, one for every `per_row` vectors, those whose factor is 0 are left as they are.
extern "C" __global__ void norm_rows(float* out, const float* x, const float* weight, const float* bias,
        const float* factors, i64 vectors, int width, int weights, int per_row, double eps, int kind) {
    __shared__ double scratch[32];
    for (i64 v = blockIdx.x; v < vectors; v += gridDim.x) {
        if (factors != nullptr && factors[v / per_row] == 0) {
            continue;
        }
        const float* from = x + v * width;
        double mean = 0;
        if (kind != NORM_RMS) {
            double sum = 0;
            for (int i = threadIdx.x; i < width; i += blockDim.x) {
                sum += from[i];
            }
            mean = block_sum(sum, scratch) / width;
        }
        double squares = 0;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            double centred = from[i] - mean;
            squares += centred * centred;
        }
        double scale = 1 / sqrt(block_sum(squares, scratch) / width + eps);
        i64 at = v % weights * width;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            put_norm(out + v * width, from, weight + at, bias == nullptr ? nullptr : bias + at, i, mean, scale);
        }
    }
}

// The same with a warp for each vector, for short ones.
extern "C" __global__ void norm_heads(float* out, const float* x, const float* weight, const float* bias,
        const float* factors, i64 vectors, int width, int weights, int per_row, double eps, int kind) {
    int lane = threadIdx.x % 32;
    int warps = blockDim.x / 32;
    for (i64 v = static_cast<i64>(blockIdx.x) * warps + threadIdx.x / 32; v < vectors;
            v += static_cast<i64>(gridDim.x) * warps) {
        if (factors != nullptr && factors[v / per_row] == 0) {
            continue;
        }
        const float* from = x + v * width;
        double mean = 0;
        if (kind != NORM_RMS) {
            double sum = 0;
            for (int i = lane; i < width; i += 32) {
                sum += from[i];
            }
            mean = warp_sum(sum) / width;
        }
        double squares = 0;
        for (int i = lane; i < width; i += 32) {
            double centred = from[i] - mean;
            squares += centred * centred;
        }
        double scale = 1 / sqrt(warp_sum(squares) / width + eps);
        i64 at = v % weights * width;
        for (int i = lane; i < width; i += 32) {
            put_norm(out + v * width, from, weight + at, bias == nullptr ? nullptr : bias + at, i, mean, scale);
        }
    }
}

// Euclidean norm of each row, a block of whole warps for each.
extern "C" __global__ void row_norms(double* out, const float* x, int rows, int width) {
    __shared__ double scratch[32];
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        double squares = 0;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            double value = x[static_cast<i64>(r) * width + i];
            squares += value * value;
        }
        squares = block_sum(squares, scratch);
        if (threadIdx.x == 0) {
            out[r] = sqrt(squares);
        }
    }
}

// ---- sums ----

// What a factor makes of a value: 0 leaves no trace, even of what is not finite.
static __device__ __forceinline__ float times(float factor, float value) {
    return factor == 0 ? 0.0f : factor == 1 ? value : value * factor;
}

extern "C" __global__ void add(float* x, const float* y, i64 n) {
    i64 quads = n / 4;
    FLAT_LOOP(i, quads) {
        float4 a = reinterpret_cast<float4*>(x)[i];
        float4 b = reinterpret_cast<const float4*>(y)[i];
        reinterpret_cast<float4*>(x)[i] = make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
    }
    FLAT_LOOP(i, n - 4 * quads) {
        x[4 * quads + i] += y[4 * quads + i];
    }
}

// x += f · (scale · y), with a factor f for each row
extern "C" __global__ void add_rows(
        float* x, const float* y, const float* factors, float scale, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        float factor = factors == nullptr ? 1 : factors[i / width];
        x[i] += times(factor, times(scale, y[i]));
    }
}

// y = f · (scale · y), with a factor f for each row
extern "C" __global__ void scale_rows(float* y, const float* factors, float scale, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        float factor = factors == nullptr ? 1 : factors[i / width];
        y[i] = times(factor, times(scale, y[i]));
    }
}

// x = (x + added) · scale, but for rows that skip the block
extern "C" __global__ void end_block(
        float* x, const float* added, const float* runs, float scale, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        if (runs == nullptr || runs[i / width] != 0) {
            x[i] = (added == nullptr ? x[i] : x[i] + added[i]) * scale;
        }
    }
}

extern "C" __global__ void scale(float* x, float factor, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] *= factor;
    }
}

extern "C" __global__ void fill(float* x, float value, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] = value;
    }
}

extern "C" __global__ void multiply(float* x, const float* y, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] *= y[i];
    }
}

extern "C" __global__ void clip(float* x, float most, i64 n) {
    FLAT_LOOP(i, n) {
        float value = x[i];
        x[i] = value < -most ? -most : value > most ? most : value;
    }
}

extern "C" __global__ void softcap(float* x, float c, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] = soft_capped(x[i], c);
    }
}

static __device__ __forceinline__ float sigmoid_of(float x) {
    return 1 / (1 + expf(-x));
}

extern "C" __global__ void sigmoid(float* x, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] = sigmoid_of(x[i]);
    }
}

// x *= sigmoid(gates)
extern "C" __global__ void gate_sigmoid(float* x, const float* gates, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] *= sigmoid_of(gates[i]);
    }
}

extern "C" __global__ void add_bias(float* y, const float* bias, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        y[i] += bias[i % width];
    }
}

// y += (gain − 1) · (y − bias)
extern "C" __global__ void gain_rows(float* y, const float* bias, const float* gain, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        int column = i % width;
        float own = bias == nullptr ? y[i] : y[i] - bias[column];
        y[i] += (gain[column] - 1) * own;
    }
}

// y += gain · scale · u
extern "C" __global__ void add_gained(
        float* y, const float* u, const float* gain, float scale, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        y[i] += (gain == nullptr ? scale : gain[i % width] * scale) * u[i];
    }
}

// ---- activations and gates ----

// Activation.ordinal()
static __device__ __forceinline__ float activated(int activation, float x) {
    switch (activation) {
        case 0: // SiLU
            return x / (1 + expf(-x));
        case 1: // GELU, tanh form
            return x / (1 + expf(-1.5957691216057308f * (x + 0.044715f * x * x * x)));
        case 2: // GELU, ½ x (1 + erf(x / √2)); by erfc, which keeps its digits where x is far below 0
            return 0.5f * x * erfcf(-0.70710678118654752f * x);
        case 3: // ReLU
            return x > 0 ? x : x != x ? x : 0.0f;
        default: { // ReLU²
            float above = x > 0 ? x : x != x ? x : 0.0f;
            return above * above;
        }
    }
}

static __device__ __forceinline__ float xielu(float positive, float negative, float beta, float limit, float x) {
    float curve = x > 0 ? positive * x * x : negative * (expm1f(x < limit ? x : limit) - x);
    return curve + beta * x;
}

extern "C" __global__ void activate(float* x, int activation, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] = activated(activation, x[i]);
    }
}

extern "C" __global__ void activate_xielu(
        float* x, float positive, float negative, float beta, float limit, i64 n) {
    FLAT_LOOP(i, n) {
        x[i] = xielu(positive, negative, beta, limit, x[i]);
    }
}

// out = activation(gate) · up, rows `width` wide. Rows of gate and up may stand apart; those of out do
// not. Out may be gate or up where that has no gaps either.
extern "C" __global__ void gate(float* out, const float* gates, int gate_stride, const float* up, int up_stride,
        int activation, int rows, int width) {
    if (width % 4 == 0 && gate_stride % 4 == 0 && up_stride % 4 == 0) {
        int quads = width / 4;
        FLAT_LOOP(i, static_cast<i64>(rows) * quads) {
            i64 r = i / quads;
            int c = i % quads;
            float4 g = reinterpret_cast<const float4*>(gates + r * gate_stride)[c];
            float4 u = reinterpret_cast<const float4*>(up + r * up_stride)[c];
            reinterpret_cast<float4*>(out)[i] = make_float4(activated(activation, g.x) * u.x,
                    activated(activation, g.y) * u.y, activated(activation, g.z) * u.z,
                    activated(activation, g.w) * u.w);
        }
        return;
    }
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        i64 r = i / width;
        int c = i % width;
        out[i] = activated(activation, gates[r * gate_stride + c]) * up[r * up_stride + c];
    }
}

extern "C" __global__ void gate_xielu(float* out, const float* gates, int gate_stride, const float* up,
        int up_stride, float positive, float negative, float beta, float limit, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        i64 r = i / width;
        int c = i % width;
        out[i] = xielu(positive, negative, beta, limit, gates[r * gate_stride + c]) * up[r * up_stride + c];
    }
}

// Gating.clamped: (clamp(up, ±7) + 1) · g · sigmoid(1.702 g), g = min(gate, 7). Element c of a row
// stands at c · step, so that pairs can be read as well.
extern "C" __global__ void gate_clamped(float* out, const float* gates, int gate_stride, int gate_step,
        const float* up, int up_stride, int up_step, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        i64 r = i / width;
        int c = i % width;
        float g = gates[r * gate_stride + c * gate_step];
        g = g > 7 ? 7.0f : g;
        float u = up[r * up_stride + c * up_step];
        u = u < -7 ? -7.0f : u > 7 ? 7.0f : u;
        out[i] = (u + 1) * (g * sigmoid_of(1.702f * g));
    }
}

// ---- copies ----

// A block of columns of wider rows.
extern "C" __global__ void copy_columns(
        float* out, int out_stride, const float* in, int in_stride, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        i64 r = i / width;
        int c = i % width;
        out[r * out_stride + c] = in[r * in_stride + c];
    }
}

// out[i] = in[index[i]]
extern "C" __global__ void gather_rows(float* out, const float* in, const int* index, int count, int width) {
    FLAT_LOOP(i, static_cast<i64>(count) * width) {
        out[i] = in[static_cast<i64>(index[i / width]) * width + i % width];
    }
}

// out[index[i]] = in[i]
extern "C" __global__ void scatter_rows(float* out, const float* in, const int* index, int count, int width) {
    FLAT_LOOP(i, static_cast<i64>(count) * width) {
        out[static_cast<i64>(index[i / width]) * width + i % width] = in[i];
    }
}

// out[index[i]] += factors[i] · in[i]; no index comes twice
extern "C" __global__ void scatter_add_rows(
        float* out, const float* in, const int* index, const float* factors, int count, int width) {
    FLAT_LOOP(i, static_cast<i64>(count) * width) {
        i64 r = i / width;
        float value = factors == nullptr ? in[i] : factors[r] * in[i];
        out[static_cast<i64>(index[r]) * width + i % width] += value;
    }
}

// Row r goes to the address to[r]; 0 stands for nowhere.
extern "C" __global__ void scatter_to(const u64* to, const float* in, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        u64 at = to[i / width];
        if (at != 0) {
            reinterpret_cast<float*>(at)[i % width] = in[i];
        }
    }
}

// Row r comes from the address from[r]; 0 stands for zeros.
extern "C" __global__ void gather_from(float* out, const u64* from, int rows, int width) {
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        u64 at = from[i / width];
        out[i] = at == 0 ? 0.0f : reinterpret_cast<const float*>(at)[i % width];
    }
}

extern "C" __global__ void copy_bytes(unsigned char* out, const unsigned char* in, i64 n) {
    FLAT_LOOP(i, n) {
        out[i] = in[i];
    }
}

// ---- greedy sampling ----

// The largest logit of each row, of equal ones the first; −1 where none is above −∞, or where one is
// a NaN or +∞. A block of whole warps for each row.
extern "C" __global__ void argmax_rows(int* out, const float* z, i64 stride, int rows, int width) {
    __shared__ float best_of[32];
    __shared__ int place_of[32];
    __shared__ int bad_of[32];
    int warps = blockDim.x / 32;
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        float best = MINUS_INFINITY;
        int place = -1;
        int bad = 0;
        for (int i = threadIdx.x; i < width; i += blockDim.x) {
            float logit = z[r * stride + i];
            bad |= !(logit < __int_as_float(0x7f800000));
            if (logit > best) {
                best = logit;
                place = i;
            }
        }
        for (int lanes = 16; lanes > 0; lanes /= 2) {
            float other = __shfl_xor_sync(FULL_WARP, best, lanes);
            int its = __shfl_xor_sync(FULL_WARP, place, lanes);
            bad |= __shfl_xor_sync(FULL_WARP, bad, lanes);
            if (other > best || (other == best && its >= 0 && (its < place || place < 0))) {
                best = other;
                place = its;
            }
        }
        __syncthreads();
        if (threadIdx.x % 32 == 0) {
            best_of[threadIdx.x / 32] = best;
            place_of[threadIdx.x / 32] = place;
            bad_of[threadIdx.x / 32] = bad;
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            for (int w = 1; w < warps; w++) {
                bad |= bad_of[w];
                float other = best_of[w];
                int its = place_of[w];
                if (other > best || (other == best && its >= 0 && (its < place || place < 0))) {
                    best = other;
                    place = its;
                }
            }
            out[r] = bad ? -1 : place;
        }
    }
}
