// Attention of many rows of one session at a time: keys and values are read once for a tile of query
// rows. Caches lie as attention.cu has them; sums are float32, softmax is computed on the way.

#define PREFILL_THREADS 128

// Brings rows [0, n) of a cache into shared memory, zeros behind them and behind their ends.
template <int B, class T>
static __device__ __forceinline__ void bring(float* to, int stride, const T* from, i64 step, int n, int width) {
    int quads = (width + 3) / 4;
    bool whole = width % 4 == 0;
    for (int i = threadIdx.x; i < B * quads; i += PREFILL_THREADS) {
        int k = i / quads;
        int c = i % quads;
        float4 v = k < n ? quad_at(from + k * step, c, width, whole) : make_float4(0, 0, 0, 0);
        reinterpret_cast<float4*>(to + k * stride)[c] = v;
    }
}

// Block (t, h): query rows tiles[2t] .. + tiles[2t + 1] − 1, at most B, all of one session and in the
// order of their positions, and head h. 128 threads: 8 share a row, and have R = B / 16 rows each. Row
// r sees the positions firsts[r] to positions[r]. Q bounds the quads of a value, 8 Q.
//
// Shared memory, with K and V the widths rounded up to multiples of 4:
// 4 · (B (K + 4) + B (max(K, V) + 4) + B (B + 4)) bytes.
template <int B, int Q, class T>
static __device__ __forceinline__ void prefill(float* out, const float* query, const u64* keys, const u64* values,
        const int* positions, const int* firsts, const float* scales, const float* runs, const float* sinks,
        const Bias& bias, float softcap, int n_heads, int n_kv_heads, int d_head, int d_value, const int* tiles) {
    constexpr int R = B / 16;
    constexpr int KEYS = B / 8;
    DYNAMIC_SHARED(float, shared);
    int first_row = tiles[2 * blockIdx.x];
    int count = tiles[2 * blockIdx.x + 1];
    int head = blockIdx.y;
    int kv_head = head / (n_heads / n_kv_heads);
    int key_quads = (d_head + 3) / 4;
    int value_quads = (d_value + 3) / 4;
    int query_stride = 4 * key_quads + 4;
    int stride = 4 * max(key_quads, value_quads) + 4;
    int weight_stride = B + 4;
    float* queries = shared;
    float* cached = queries + B * query_stride;
    float* weights = cached + B * stride;
    int t = threadIdx.x;
    int lane = t % 8;

    bring<B>(queries, query_stride, query + (static_cast<i64>(first_row) * n_heads + head) * d_head,
            static_cast<i64>(n_heads) * d_head, count, d_head);
    // of this thread's rows
    int last[R];
    int from[R];
    float scale[R];
    float most[R];
    float total[R];
    float4 sum[R][Q];
#pragma unroll
    for (int r = 0; r < R; r++) {
        int row = t / 8 + 16 * r;
        bool there = row < count;
        last[r] = there ? positions[first_row + row] : -1;
        from[r] = there ? firsts[first_row + row] : 0x7fffffff;
        scale[r] = there ? scales[first_row + row] : 0.0f;
        most[r] = MINUS_INFINITY;
        total[r] = 0;
#pragma unroll
        for (int q = 0; q < Q; q++) {
            sum[r][q] = make_float4(0, 0, 0, 0);
        }
    }
    int begin = firsts[first_row];
    for (int r = 1; r < count; r++) {
        begin = min(begin, firsts[first_row + r]);
    }
    int end = positions[first_row + count - 1] + 1;
    i64 key_step = static_cast<i64>(n_kv_heads) * d_head;
    i64 value_step = static_cast<i64>(n_kv_heads) * d_value;
    const T* its_keys = reinterpret_cast<const T*>(keys[first_row]) + kv_head * d_head;
    const T* its_values = reinterpret_cast<const T*>(values[first_row]) + kv_head * d_value;

#pragma unroll 1
    for (int base = begin; base < end; base += B) {
        int n = min(B, end - base);
        __syncthreads();
        bring<B>(cached, stride, its_keys + base * key_step, key_step, n, d_head);
        __syncthreads();
        float score[R][KEYS];
#pragma unroll
        for (int r = 0; r < R; r++) {
#pragma unroll
            for (int j = 0; j < KEYS; j++) {
                score[r][j] = 0;
            }
        }
        for (int c = 0; c < key_quads; c++) {
            float4 q[R];
#pragma unroll
            for (int r = 0; r < R; r++) {
                q[r] = reinterpret_cast<const float4*>(queries + (t / 8 + 16 * r) * query_stride)[c];
            }
#pragma unroll
            for (int j = 0; j < KEYS; j++) {
                float4 k = reinterpret_cast<const float4*>(cached + (lane + 8 * j) * stride)[c];
#pragma unroll
                for (int r = 0; r < R; r++) {
                    score[r][j] += q[r].x * k.x + q[r].y * k.y + q[r].z * k.z + q[r].w * k.w;
                }
            }
        }
#pragma unroll
        for (int r = 0; r < R; r++) {
            float largest = most[r];
#pragma unroll
            for (int j = 0; j < KEYS; j++) {
                int position = base + lane + 8 * j;
                bool seen = position >= from[r] && position <= last[r];
                score[r][j] = seen ? bias.applied(soft_capped(score[r][j] * scale[r], softcap), head, position)
                                   : MINUS_INFINITY;
                largest = larger(largest, score[r][j]);
            }
            for (int lanes = 4; lanes > 0; lanes /= 2) {
                largest = larger(largest, __shfl_xor_sync(FULL_WARP, largest, lanes));
            }
            float added = 0;
#pragma unroll
            for (int j = 0; j < KEYS; j++) {
                float weight = score[r][j] == MINUS_INFINITY ? 0.0f : expf(score[r][j] - largest);
                weights[(t / 8 + 16 * r) * weight_stride + lane + 8 * j] = weight;
                added += weight;
            }
            for (int lanes = 4; lanes > 0; lanes /= 2) {
                added += __shfl_xor_sync(FULL_WARP, added, lanes);
            }
            float drop = most[r] == MINUS_INFINITY ? 0.0f : expf(most[r] - largest);
            total[r] = total[r] * drop + added;
            most[r] = largest;
#pragma unroll
            for (int q = 0; q < Q; q++) {
                sum[r][q] = make_float4(sum[r][q].x * drop, sum[r][q].y * drop, sum[r][q].z * drop, sum[r][q].w * drop);
            }
        }
        __syncthreads();
        bring<B>(cached, stride, its_values + base * value_step, value_step, n, d_value);
        __syncthreads();
#pragma unroll(R == 1 ? 2 : 4)
        for (int k = 0; k < n; k++) {
            float p[R];
#pragma unroll
            for (int r = 0; r < R; r++) {
                p[r] = weights[(t / 8 + 16 * r) * weight_stride + k];
            }
#pragma unroll
            for (int q = 0; q < Q; q++) {
                if (lane + 8 * q < value_quads) {
                    float4 v = reinterpret_cast<const float4*>(cached + k * stride)[lane + 8 * q];
#pragma unroll
                    for (int r = 0; r < R; r++) {
                        sum[r][q].x += p[r] * v.x;
                        sum[r][q].y += p[r] * v.y;
                        sum[r][q].z += p[r] * v.z;
                        sum[r][q].w += p[r] * v.w;
                    }
                }
            }
        }
    }
#pragma unroll
    for (int r = 0; r < R; r++) {
        int row = t / 8 + 16 * r;
        if (row >= count || (runs != nullptr && runs[first_row + row] == 0)) {
            continue;
        }
        float* to = out + (static_cast<i64>(first_row + row) * n_heads + head) * d_value;
        float factor = share(most[r], total[r], sinks == nullptr ? MINUS_INFINITY : sinks[head]);
#pragma unroll
        for (int q = 0; q < Q; q++) {
            int at = 4 * (lane + 8 * q);
            if (at < d_value) {
                to[at] = sum[r][q].x * factor;
            }
            if (at + 1 < d_value) {
                to[at + 1] = sum[r][q].y * factor;
            }
            if (at + 2 < d_value) {
                to[at + 2] = sum[r][q].z * factor;
            }
            if (at + 3 < d_value) {
                to[at + 3] = sum[r][q].w * factor;
            }
        }
    }
}

#define PREFILL(NAME, B, Q, T)                                                                                     \
    extern "C" __global__ void __launch_bounds__(PREFILL_THREADS) NAME(float* out, const float* query,             \
            const u64* keys, const u64* values, const int* positions, const int* firsts, const float* scales,      \
            const float* runs, const float* sinks, const float* slopes, int rounded_bias, float bias_scale,        \
            float softcap, int n_heads, int n_kv_heads, int d_head, int d_value, const int* tiles) {               \
        Bias bias = {slopes, rounded_bias, bias_scale};                                                            \
        prefill<B, Q, T>(out, query, keys, values, positions, firsts, scales, runs, sinks, bias, softcap, n_heads, \
                n_kv_heads, d_head, d_value, tiles);                                                               \
    }

// values of up to 160 and 352 elements
PREFILL(prefill32_f32, 32, 5, float)
PREFILL(prefill16_f32, 16, 11, float)
#ifdef BF16_CACHE // compiled only for who has such caches: compiling takes seconds
PREFILL(prefill32_bf16, 32, 5, u16)
PREFILL(prefill16_bf16, 16, 11, u16)
#endif
