// Attention: what cuts fused projections apart, the rotary turn, the cache of keys and values, and the
// attention of single rows, each against its own session's cache.
//
// A cache lies token after token: keys [position][kv heads · d_head], values [position][kv heads ·
// d_value], float32 or bfloat16, 16-byte aligned. Sums are float32; softmax is computed on the way.

// ---- cutting projections apart; all flat ----

// For each key-value head its query heads, then its key, then its value.
extern "C" __global__ void split_interleaved(float* query, float* key, float* value, const float* fused,
        int rows, int n_kv_heads, int group, int d_head, int d_value) {
    int queries = group * d_head;
    int all = queries + d_head + d_value;
    FLAT_LOOP(i, static_cast<i64>(rows) * n_kv_heads * all) {
        i64 of = i / all;
        int at = i % all;
        if (at < queries) {
            query[of * queries + at] = fused[i];
        } else if (at < queries + d_head) {
            key[of * d_head + at - queries] = fused[i];
        } else {
            value[of * d_value + at - queries - d_head] = fused[i];
        }
    }
}

// For each part of a row its queries, then its values, then its keys.
extern "C" __global__ void split_parts(float* query, float* key, float* value, const float* fused,
        int row_parts, int queries, int values, int keys) {
    int all = queries + values + keys;
    FLAT_LOOP(i, static_cast<i64>(row_parts) * all) {
        i64 of = i / all;
        int at = i % all;
        if (at < queries) {
            query[of * queries + at] = fused[i];
        } else if (at < queries + values) {
            value[of * values + at - queries] = fused[i];
        } else {
            key[of * keys + at - queries - values] = fused[i];
        }
    }
}

// For each head its query, then its gate.
extern "C" __global__ void split_gates(float* query, float* gates, const float* both, int vectors, int d_head) {
    FLAT_LOOP(i, static_cast<i64>(vectors) * d_head) {
        i64 of = i / d_head;
        int at = i % d_head;
        query[i] = both[2 * of * d_head + at];
        gates[i] = both[(2 * of + 1) * d_head + at];
    }
}

// Of each query the part that is turned, which stands at its end, comes first.
extern "C" __global__ void latent_queries(float* query, const float* stored, int vectors, int d_head, int turned) {
    int rest = d_head - turned;
    FLAT_LOOP(i, static_cast<i64>(vectors) * d_head) {
        i64 of = i / d_head;
        int at = i % d_head;
        query[i] = stored[of * d_head + (at < turned ? rest + at : at - turned)];
    }
}

// A key is the turned part, one for all heads at the end of a row of `down`, then the rest, which
// `of_heads` has for each head, and behind it the head's value.
extern "C" __global__ void latent_keys(float* key, float* value, const float* down, const float* of_heads,
        int rows, int n_kv_heads, int d_head, int d_value, int turned, int down_width) {
    int rest = d_head - turned;
    int all = d_head + d_value;
    FLAT_LOOP(i, static_cast<i64>(rows) * n_kv_heads * all) {
        i64 of = i / all;
        int at = i % all;
        const float* its = of_heads + of * (rest + d_value);
        if (at < turned) {
            i64 row = of / n_kv_heads;
            key[of * d_head + at] = down[(row + 1) * down_width - turned + at];
        } else if (at < d_head) {
            key[of * d_head + at] = its[at - turned];
        } else {
            value[of * d_value + at - d_head] = its[rest + at - d_head];
        }
    }
}

// ---- the rotary turn and the cache; flat ----

// Pair i of each head is turned by the angle of line lines[r] (or r) of the tables [lines × half]:
// elements i and i + half, or with neighbours 2i and 2i + 1. What is not turned stays.
extern "C" __global__ void rope(float* x, const float* cosines, const float* sines, const int* lines, int rows,
        int heads, int d_head, int half, int neighbours) {
    FLAT_LOOP(n, static_cast<i64>(rows) * heads * half) {
        i64 vector = n / half;
        int i = n % half;
        i64 row = vector / heads;
        i64 angle = (lines == nullptr ? row : lines[row]) * half + i;
        i64 first = vector * d_head + (neighbours ? 2 * i : i);
        i64 second = first + (neighbours ? 1 : half);
        float c = cosines[angle];
        float s = sines[angle];
        float a = x[first];
        float b = x[second];
        x[first] = a * c - b * s;
        x[second] = b * c + a * s;
    }
}

static __device__ __forceinline__ void put(float* to, i64 at, float value) {
    to[at] = value;
}

static __device__ __forceinline__ void put(u16* to, i64 at, float value) {
    to[at] = to_bf16(value);
}

template <class T>
static __device__ __forceinline__ void append(const u64* keys, const u64* values, const int* positions,
        const float* runs, const float* key, const float* value, int rows, int n_kv_heads, int d_head, int d_value) {
    int key_width = n_kv_heads * d_head;
    int value_width = n_kv_heads * d_value;
    int all = key_width + value_width;
    FLAT_LOOP(i, static_cast<i64>(rows) * all) {
        i64 row = i / all;
        int at = i % all;
        if (runs != nullptr && runs[row] == 0) {
            continue;
        }
        i64 position = positions[row];
        if (at < key_width) {
            put(reinterpret_cast<T*>(keys[row]), position * key_width + at, key[row * key_width + at]);
        } else {
            at -= key_width;
            put(reinterpret_cast<T*>(values[row]), position * value_width + at, value[row * value_width + at]);
        }
    }
}

// Keys and values of each row go to its place in the cache of its session.
extern "C" __global__ void append_f32(const u64* keys, const u64* values, const int* positions, const float* runs,
        const float* key, const float* value, int rows, int n_kv_heads, int d_head, int d_value) {
    append<float>(keys, values, positions, runs, key, value, rows, n_kv_heads, d_head, d_value);
}

extern "C" __global__ void append_bf16(const u64* keys, const u64* values, const int* positions, const float* runs,
        const float* key, const float* value, int rows, int n_kv_heads, int d_head, int d_value) {
    append<u16>(keys, values, positions, runs, key, value, rows, n_kv_heads, d_head, d_value);
}

// ---- attention of single rows ----

#define THREADS 128
// positions between two looks at the largest score
#define SPAN 128
// threads that share the product of a query and a key
#define LANES 8
#define MOST_HEADS 8

// Row r, in blocks (r, key-value head and up to 8 of its query heads, split of the positions), of 128
// threads. It sees the positions firsts[r] to positions[r]. With one split `out` [rows × heads ·
// d_value] is written; with several, `partial` [rows × heads × splits × (2 + d_value)], which
// attention_merge reads. Shared memory, with H = min(group, 8) and D = d_head rounded up to a multiple
// of 4: 4 · (512 H + H D + 128 H + 2 H) bytes.
template <int G, class T>
static __device__ __forceinline__ void attend(float* out, float* partial, const float* query, const T* keys,
        const T* values, int position, int first, float scale, const float* sinks, const Bias& bias, float softcap,
        int n_heads, int n_kv_heads, int d_head, int d_value, int splits) {
    DYNAMIC_SHARED(float, shared);
    int group = n_heads / n_kv_heads;
    int chunks = (group + MOST_HEADS - 1) / MOST_HEADS;
    int kv_head = blockIdx.y / chunks;
    int chunk = blockIdx.y % chunks;
    int room = min(group, MOST_HEADS);
    int heads = min(MOST_HEADS, group - chunk * MOST_HEADS);
    int first_head = kv_head * group + chunk * MOST_HEADS;
    i64 row = blockIdx.x;
    int key_quads = (d_head + 3) / 4;
    int t = threadIdx.x;

    float* mixed = shared;
    float* queries = mixed + 4 * THREADS * room;
    float* scores = queries + room * key_quads * 4;
    float* factors = scores + room * SPAN;
    float* sums = factors + room;

#pragma unroll 1
    for (int i = t; i < heads * key_quads * 4; i += THREADS) {
        int h = i / (key_quads * 4);
        int at = i % (key_quads * 4);
        queries[i] = at < d_head ? query[(row * n_heads + first_head + h) * d_head + at] : 0.0f;
    }
    __syncthreads();

    int seen = position + 1 - first;
    int each = ((seen + splits - 1) / splits + SPAN - 1) / SPAN * SPAN;
    int begin = first + static_cast<int>(blockIdx.z) * each;
    int end = min(begin + each, position + 1);
    i64 key_step = static_cast<i64>(n_kv_heads) * d_head;
    i64 value_step = static_cast<i64>(n_kv_heads) * d_value;
    keys += kv_head * d_head;
    values += kv_head * d_value;
    bool whole_keys = d_head % 4 == 0;
    bool whole_values = d_value % 4 == 0;

    // in the mix, thread t sums one quad of columns over every `turns`-th position
    int value_quads = (d_value + 3) / 4;
    int turns = THREADS / value_quads;
    int quad = t % value_quads;
    int turn = t / value_quads;
    float4 sum[G];
    for (int g = 0; g < G; g++) {
        sum[g] = make_float4(0, 0, 0, 0);
    }
    // of the heads that this thread's warp looks after: w and w + 4
    float most[2] = {MINUS_INFINITY, MINUS_INFINITY};
    float total[2] = {0, 0};

#pragma unroll 1
    for (int base = begin; base < end; base += SPAN) {
        int n = min(SPAN, end - base);
#pragma unroll(G > 4 ? 1 : 2)
        for (int k = t / LANES; k < SPAN; k += THREADS / LANES) {
            float product[G];
            for (int g = 0; g < G; g++) {
                product[g] = 0;
            }
            if (k < n) {
                const T* key = keys + (base + k) * key_step;
#pragma unroll 2
                for (int c = t % LANES; c < key_quads; c += LANES) {
                    float4 v = quad_at(key, c, d_head, whole_keys);
#pragma unroll
                    for (int g = 0; g < G; g++) {
                        if (G == 1 || g < heads) {
                            float4 q = reinterpret_cast<const float4*>(queries)[g * key_quads + c];
                            product[g] += q.x * v.x + q.y * v.y + q.z * v.z + q.w * v.w;
                        }
                    }
                }
            }
            // lane g of the 8 keeps the score of head g
            float product_of_lane = 0;
#pragma unroll
            for (int g = 0; g < G; g++) {
#pragma unroll
                for (int lanes = LANES / 2; lanes > 0; lanes /= 2) {
                    product[g] += __shfl_xor_sync(FULL_WARP, product[g], lanes);
                }
                product_of_lane = t % LANES == g ? product[g] : product_of_lane;
            }
            int h = t % LANES;
            if (h < heads && k < n) {
                scores[h * SPAN + k] =
                        bias.applied(soft_capped(product_of_lane * scale, softcap), first_head + h, base + k);
            }
        }
        __syncthreads();
#pragma unroll
        for (int i = 0; i < 2; i++) {
            int h = t / 32 + 4 * i;
            if (h < heads) {
                soften(scores + h * SPAN, n, most[i], total[i], factors + h);
            }
        }
        __syncthreads();
        if (turn < turns) {
#pragma unroll
            for (int g = 0; g < G; g++) {
                if (G == 1 || g < heads) {
                    float factor = factors[g];
                    sum[g] = make_float4(sum[g].x * factor, sum[g].y * factor, sum[g].z * factor, sum[g].w * factor);
                }
            }
#pragma unroll(G > 4 ? 2 : 4)
            for (int k = turn; k < n; k += turns) {
                float4 v = quad_at(values + (base + k) * value_step, quad, d_value, whole_values);
#pragma unroll
                for (int g = 0; g < G; g++) {
                    if (G == 1 || g < heads) {
                        float p = scores[g * SPAN + k];
                        sum[g].x += p * v.x;
                        sum[g].y += p * v.y;
                        sum[g].z += p * v.z;
                        sum[g].w += p * v.w;
                    }
                }
            }
        }
        __syncthreads();
    }

    for (int i = 0; i < 2; i++) {
        int h = t / 32 + 4 * i;
        if (h < heads && t % 32 == 0) {
            factors[h] = most[i];
            sums[h] = total[i];
        }
    }
#pragma unroll
    for (int g = 0; g < G; g++) {
        if (g < heads && turn < turns) {
            reinterpret_cast<float4*>(mixed)[g * THREADS + t] = sum[g];
        }
    }
    __syncthreads();
#pragma unroll 1
    for (int i = t; i < heads * d_value; i += THREADS) {
        int h = i / d_value;
        int at = i % d_value;
        float value = 0;
#pragma unroll 1
        for (int w = 0; w < turns; w++) {
            value += mixed[(h * THREADS + w * value_quads + at / 4) * 4 + at % 4];
        }
        int head = first_head + h;
        if (splits == 1) {
            out[(row * n_heads + head) * d_value + at] =
                    value * share(factors[h], sums[h], sinks == nullptr ? MINUS_INFINITY : sinks[head]);
        } else {
            float* to = partial + ((row * n_heads + head) * splits + blockIdx.z) * (d_value + 2);
            to[2 + at] = value;
            if (at == 0) {
                to[0] = factors[h];
                to[1] = sums[h];
            }
        }
    }
}

#define ATTENTION(NAME, T)                                                                                         \
    extern "C" __global__ void __launch_bounds__(THREADS, 3) NAME(float* out, float* partial, const float* query,  \
            const u64* keys, const u64* values, const int* positions, const int* firsts, const float* scales,      \
            const float* runs, const float* sinks, const float* slopes, int rounded_bias, float bias_scale,        \
            float softcap, int n_heads, int n_kv_heads, int d_head, int d_value, int splits) {                     \
        int row = blockIdx.x;                                                                                      \
        if (runs != nullptr && runs[row] == 0) {                                                                   \
            return;                                                                                                \
        }                                                                                                          \
        Bias bias = {slopes, rounded_bias, bias_scale};                                                            \
        const T* its_keys = reinterpret_cast<const T*>(keys[row]);                                                 \
        const T* its_values = reinterpret_cast<const T*>(values[row]);                                             \
        int group = n_heads / n_kv_heads;                                                                          \
        if (group == 1) {                                                                                          \
            attend<1, T>(out, partial, query, its_keys, its_values, positions[row], firsts[row], scales[row],      \
                    sinks, bias, softcap, n_heads, n_kv_heads, d_head, d_value, splits);                           \
        } else if (group <= 4) {                                                                                   \
            attend<4, T>(out, partial, query, its_keys, its_values, positions[row], firsts[row], scales[row],      \
                    sinks, bias, softcap, n_heads, n_kv_heads, d_head, d_value, splits);                           \
        } else {                                                                                                   \
            attend<8, T>(out, partial, query, its_keys, its_values, positions[row], firsts[row], scales[row],      \
                    sinks, bias, softcap, n_heads, n_kv_heads, d_head, d_value, splits);                           \
        }                                                                                                          \
    }

ATTENTION(attention_f32, float)
#ifdef BF16_CACHE // compiled only for who has such caches: compiling takes seconds
ATTENTION(attention_bf16, u16)
#endif

// Puts the splits of a row together: a block of any width for each row and head.
extern "C" __global__ void attention_merge(float* out, const float* partial, const float* runs, const float* sinks,
        int rows, int n_heads, int d_value, int splits) {
    i64 row = blockIdx.x;
    int head = blockIdx.y;
    if (runs != nullptr && runs[row] == 0) {
        return;
    }
    const float* parts = partial + (row * n_heads + head) * splits * (d_value + 2);
    float sink = sinks == nullptr ? MINUS_INFINITY : sinks[head];
    float most = sink;
    for (int s = 0; s < splits; s++) {
        most = larger(most, parts[s * (d_value + 2)]);
    }
    float total = sink == MINUS_INFINITY ? 0.0f : expf(sink - most);
    for (int s = 0; s < splits; s++) {
        const float* part = parts + s * (d_value + 2);
        total += part[1] * expf(part[0] - most);
    }
    for (int i = threadIdx.x; i < d_value; i += blockDim.x) {
        float value = 0;
        for (int s = 0; s < splits; s++) {
            const float* part = parts + s * (d_value + 2);
            value += part[2 + i] * expf(part[0] - most);
        }
        out[(row * n_heads + head) * d_value + i] = value / total;
    }
}
