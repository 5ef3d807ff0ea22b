// The readout: statistics of rows of logits, tile by tile of the vocabulary. A tile is [rows × stride],
// of which `width` columns are logits, the first that of token `from`; tiles come in the order of
// their tokens. Definitions are those of RowStatistics.
//
// state[k · rows + r], float64, sums relative to the largest logit m so far:
#define S_MAX 0       // m
#define S_SUM 1       // Σ e^(z-m)
#define S_WEIGHTED 2  // Σ e^(z-m) (z-m)
#define S_SQUARES 3   // Σ e^(z-m) (z-m)²
#define S_SUPPORT 4   // logits above -∞
#define S_ABOVE 5     // logits above the target's
#define S_CROSS 6     // Σ e^(y-n) (y-z) against the reference row y, whose largest logit is n
#define S_THEIR_MAX 7 // n
#define S_MEAN 8      // of the logits
#define S_DEVIATIONS 9 // Σ (z-mean)²
#define S_POWERS 10   // Σ e^(α(z-m)), one for each α

#define FLAG_SQUARES 1
#define FLAG_SUPPORT 2
#define FLAG_TARGETS 4
#define FLAG_REFERENCES 8
#define FLAG_MOMENTS 16
#define FLAG_POWERS 32

// A warp holds 1,024 logits at a time, a lane 8 quads of them: quad lane + 32 j.
#define QUADS 8
#define HELD (128 * QUADS)
#define MOST_WARPS 8
#define MOST_ALPHAS 32

extern "C" __global__ void readout_begin(double* state, int rows, int alphas) {
    FLAT_LOOP(i, static_cast<i64>(rows) * (S_POWERS + alphas)) {
        i64 of = i / rows;
        state[i] = of == S_MAX || of == S_THEIR_MAX ? -__longlong_as_double(0x7ff0000000000000ll) : 0.0;
    }
}

// A logit as the model means it.
struct Finish {
    const float* bias;
    float softcap;

    __device__ __forceinline__ float operator()(float z, int token) const {
        return soft_capped(bias == nullptr ? z : z + bias[token], softcap);
    }
};

// Four logits from column `at` on; -∞ behind the last.
static __device__ __forceinline__ float4 logits_at(const float* row, int at, int width, bool aligned) {
    if (aligned && at + 4 <= width) {
        return *reinterpret_cast<const float4*>(row + at);
    }
    float none = MINUS_INFINITY;
    return make_float4(at < width ? row[at] : none, at + 1 < width ? row[at + 1] : none,
            at + 2 < width ? row[at + 2] : none, at + 3 < width ? row[at + 3] : none);
}

static __device__ __forceinline__ void hold(
        float z[4 * QUADS], const float* row, int base, int width, bool aligned) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int j = 0; j < QUADS; j++) {
        float4 quad = logits_at(row, base + 4 * (lane + 32 * j), width, aligned);
        z[4 * j] = quad.x;
        z[4 * j + 1] = quad.y;
        z[4 * j + 2] = quad.z;
        z[4 * j + 3] = quad.w;
    }
}

// Column of the i-th logit that a lane holds.
static __device__ __forceinline__ int column_of(int base, int i) {
    return base + 4 * (static_cast<int>(threadIdx.x) % 32 + 32 * (i / 4)) + i % 4;
}

static __device__ __forceinline__ float largest_held(const float z[4 * QUADS], float most) {
#pragma unroll
    for (int i = 0; i < 4 * QUADS; i++) {
        most = larger(most, z[i]);
    }
    return warp_larger(most);
}

static __device__ __forceinline__ float shift_of(float most) {
    return most == MINUS_INFINITY ? 0.0f : most;
}

// By what sums relative to `most` are multiplied where they become relative to `raised`.
static __device__ __forceinline__ double drop_factor(float most, float raised) {
    return most == MINUS_INFINITY ? 0.0 : exp(static_cast<double>(most) - raised);
}

static __device__ __forceinline__ double drop_of(float most, float raised) {
    return most == MINUS_INFINITY ? 0.0 : static_cast<double>(most) - raised;
}

// Running sums of one lane; `most` is the same in all lanes of a warp.
struct Sums {
    float most;
    double sum;
    double weighted;

    // Returns Σ e^(z-m) (z-m)² of what is added.
    __device__ __forceinline__ float add(const float z[4 * QUADS]) {
        float shift = shift_of(most);
        float s = 0;
        float w = 0;
        float q = 0;
#pragma unroll
        for (int i = 0; i < 4 * QUADS; i++) {
            float shifted = z[i] - shift;
            float e = expf(shifted);
            float product = e == 0 ? 0.0f : e * shifted;
            s += e;
            w += product;
            q += product == 0 ? 0.0f : product * shifted;
        }
        sum += s;
        weighted += w;
        return q;
    }

    __device__ __forceinline__ void raise(float raised) {
        if (raised != most) {
            double factor = drop_factor(most, raised);
            weighted = factor * (weighted + sum * drop_of(most, raised));
            sum *= factor;
            most = raised;
        }
    }
};

// The entropy's sums, of logits that need no finish. A block for each row, of W warps.
extern "C" __global__ void readout_entropy(double* state, const float* tile, i64 stride, int rows, int width) {
    __shared__ float their_most[MOST_WARPS];
    __shared__ double their_sum[MOST_WARPS];
    __shared__ double their_weighted[MOST_WARPS];
    int r = blockIdx.x;
    int warp = threadIdx.x / 32;
    int warps = blockDim.x / 32;
    int lane = threadIdx.x % 32;
    const float* row = tile + r * stride;
    bool aligned = stride % 4 == 0;
    Sums sums = {MINUS_INFINITY, 0, 0};
#pragma unroll 1
    for (int base = warp * HELD; base < width; base += warps * HELD) {
        float z[4 * QUADS];
        hold(z, row, base, width, aligned);
        sums.raise(largest_held(z, sums.most));
        sums.add(z);
    }
    double sum = warp_sum(sums.sum);
    double weighted = warp_sum(sums.weighted);
    if (lane == 0) {
        their_most[warp] = sums.most;
        their_sum[warp] = sum;
        their_weighted[warp] = weighted;
    }
    __syncthreads();
    if (warp != 0) {
        return;
    }
    // lane w has what warp w summed, the lane behind them what was there before
    float most = MINUS_INFINITY;
    sum = 0;
    weighted = 0;
    if (lane < warps) {
        most = their_most[lane];
        sum = their_sum[lane];
        weighted = their_weighted[lane];
    } else if (lane == warps) {
        most = static_cast<float>(state[S_MAX * static_cast<i64>(rows) + r]);
        sum = state[S_SUM * static_cast<i64>(rows) + r];
        weighted = state[S_WEIGHTED * static_cast<i64>(rows) + r];
    }
    float raised = warp_larger(most);
    double factor = drop_factor(most, raised);
    weighted = warp_sum(factor * (weighted + sum * drop_of(most, raised)));
    sum = warp_sum(factor * sum);
    if (lane == 0) {
        state[S_MAX * static_cast<i64>(rows) + r] = raised;
        state[S_SUM * static_cast<i64>(rows) + r] = sum;
        state[S_WEIGHTED * static_cast<i64>(rows) + r] = weighted;
    }
}

// What one warp summed of its part of a row, or what was there before.
struct Part {
    float most;
    float their_most;
    double sum;
    double weighted;
    double squares;
    double support;
    double above;
    double cross;
    double count;
    double mean;
    double deviations;
    double powers[MOST_ALPHAS];
};

// Count, mean and squared deviations of two sets (Chan, Golub and LeVeque 1983).
static __device__ __forceinline__ void add_moments(
        double& count, double& mean, double& deviations, double more, double its_mean, double its_deviations) {
    if (more > 0) {
        double delta = its_mean - mean;
        double all = count + more;
        mean += delta * more / all;
        deviations += its_deviations + delta * delta * count * more / all;
        count = all;
    }
}

// Whatever a readout may ask for, as `flags` say. A block for each row, of up to 8 warps. Alphas: at
// most 32, none of them 0, 1 or ∞. References are rows of the same tile. Target t of a row is never
// counted as above itself.
extern "C" __global__ void __launch_bounds__(256) readout_statistics(double* state, const float* tile, i64 stride,
        int rows, int width, int from, const float* bias, float softcap, int flags, const int* targets,
        const float* target_logits, const int* references, const float* alphas, int alpha_count) {
    __shared__ Part parts[MOST_WARPS + 1];
    int r = blockIdx.x;
    int warp = threadIdx.x / 32;
    int warps = blockDim.x / 32;
    int lane = threadIdx.x % 32;
    const float* row = tile + r * stride;
    bool aligned = stride % 4 == 0;
    Finish finish = {bias, softcap};
    bool plain = bias == nullptr && softcap == 0;
    int target = flags & FLAG_TARGETS ? targets[r] : -1;
    float threshold = target >= 0 ? target_logits[r] : 0.0f;
    const float* their_row = flags & FLAG_REFERENCES ? tile + references[r] * stride : row;
    float alpha = lane < alpha_count ? alphas[lane] : 1.0f;

    Sums sums = {MINUS_INFINITY, 0, 0};
    double squares = 0;
    int support = 0;
    int above = 0;
    float their_most = MINUS_INFINITY;
    double cross = 0;
    double count = 0;
    double mean = 0;
    double deviations = 0;
    double power = 0; // of the lane's alpha, the same sum for the whole warp
#pragma unroll 1
    for (int base = warp * HELD; base < width; base += warps * HELD) {
        float z[4 * QUADS];
        hold(z, row, base, width, aligned);
        if (!plain) {
#pragma unroll
            for (int i = 0; i < 4 * QUADS; i++) {
                int column = column_of(base, i);
                z[i] = column < width ? finish(z[i], from + column) : MINUS_INFINITY;
            }
        }
        float raised = largest_held(z, sums.most);
        if (raised != sums.most) {
            double drop = drop_of(sums.most, raised);
            double factor = drop_factor(sums.most, raised);
            squares = factor * (squares + drop * (2 * sums.weighted + drop * sums.sum));
            power *= sums.most == MINUS_INFINITY ? 0.0 : exp(alpha * drop);
            sums.raise(raised);
        }
        squares += sums.add(z);
        float shift = shift_of(raised);
        if (flags & FLAG_SUPPORT) {
#pragma unroll
            for (int i = 0; i < 4 * QUADS; i++) {
                support += z[i] > MINUS_INFINITY;
            }
        }
        if (target >= 0) {
#pragma unroll
            for (int i = 0; i < 4 * QUADS; i++) {
                above += z[i] > threshold && from + column_of(base, i) != target;
            }
        }
        if (flags & FLAG_MOMENTS) {
            int n = min(HELD, width - base);
            float held = 0;
#pragma unroll
            for (int i = 0; i < 4 * QUADS; i++) {
                held += column_of(base, i) < width ? z[i] - shift : 0.0f;
            }
            float center = warp_sum(held) / n;
            float rest = 0;
            float apart = 0;
#pragma unroll
            for (int i = 0; i < 4 * QUADS; i++) {
                float delta = column_of(base, i) < width ? z[i] - shift - center : 0.0f;
                rest += delta;
                apart += delta * delta;
            }
            double off = warp_sum(static_cast<double>(rest)) / n;
            double its = warp_sum(static_cast<double>(apart)) - off * off * n;
            add_moments(count, mean, deviations, n, static_cast<double>(shift) + center + off, its > 0 ? its : 0);
        }
        if (flags & FLAG_REFERENCES) {
            float its_most = their_most;
#pragma unroll 1
            for (int j = 0; j < QUADS; j++) {
                int column = base + 4 * (lane + 32 * j);
                float4 y = logits_at(their_row, column, width, aligned);
                float four[4] = {y.x, y.y, y.z, y.w};
                for (int i = 0; i < 4; i++) {
                    if (column + i < width) {
                        its_most = larger(its_most, finish(four[i], from + column + i));
                    }
                }
            }
            its_most = warp_larger(its_most);
            cross *= drop_factor(their_most, its_most);
            their_most = its_most;
            float its_shift = shift_of(its_most);
            float c = 0;
#pragma unroll
            for (int j = 0; j < QUADS; j++) {
                int column = base + 4 * (lane + 32 * j);
                float4 quad = logits_at(their_row, column, width, aligned);
                float four[4] = {quad.x, quad.y, quad.z, quad.w};
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    if (column + i < width) {
                        float y = finish(four[i], from + column + i);
                        float e = expf(y - its_shift);
                        c += e == 0 ? 0.0f : e * (y - z[4 * j + i]);
                    }
                }
            }
            cross += c;
        }
        if (flags & FLAG_POWERS) {
#pragma unroll 1
            for (int a = 0; a < alpha_count; a++) {
                float its = __shfl_sync(FULL_WARP, alpha, a);
                float p = 0;
#pragma unroll
                for (int i = 0; i < 4 * QUADS; i++) {
                    p += expf(its * (z[i] - shift));
                }
                p = warp_sum(p);
                power += lane == a ? p : 0.0f;
            }
        }
    }

    Part& own = parts[warp];
    double sum = warp_sum(sums.sum);
    double weighted = warp_sum(sums.weighted);
    squares = warp_sum(squares);
    support = warp_sum(support);
    above = warp_sum(above);
    cross = warp_sum(cross);
    own.powers[lane] = power;
    if (lane == 0) {
        own.most = sums.most;
        own.their_most = their_most;
        own.sum = sum;
        own.weighted = weighted;
        own.squares = squares;
        own.support = support;
        own.above = above;
        own.cross = cross;
        own.count = count;
        own.mean = mean;
        own.deviations = deviations;
    }
    double* its_state = state + r;
    i64 step = rows;
    if (warp == 0) {
        Part& before = parts[warps];
        before.powers[lane] = lane < alpha_count ? its_state[(S_POWERS + lane) * step] : 0.0;
        if (lane == 0) {
            before.most = static_cast<float>(its_state[S_MAX * step]);
            before.their_most = static_cast<float>(its_state[S_THEIR_MAX * step]);
            before.sum = its_state[S_SUM * step];
            before.weighted = its_state[S_WEIGHTED * step];
            before.squares = its_state[S_SQUARES * step];
            before.support = its_state[S_SUPPORT * step];
            before.above = its_state[S_ABOVE * step];
            before.cross = its_state[S_CROSS * step];
            before.count = from;
            before.mean = its_state[S_MEAN * step];
            before.deviations = its_state[S_DEVIATIONS * step];
        }
    }
    __syncthreads();
    if (warp != 0) {
        return;
    }
    bool there = lane <= warps;
    const Part& part = parts[there ? lane : 0];
    float most = there ? part.most : MINUS_INFINITY;
    float raised = warp_larger(most);
    double factor = there ? drop_factor(most, raised) : 0.0;
    double drop = drop_of(most, raised);
    float its_most = there ? part.their_most : MINUS_INFINITY;
    float their_raised = warp_larger(its_most);
    double their_factor = there ? drop_factor(its_most, their_raised) : 0.0;
    sum = warp_sum(there ? factor * part.sum : 0.0);
    weighted = warp_sum(there ? factor * (part.weighted + part.sum * drop) : 0.0);
    squares = warp_sum(there ? factor * (part.squares + drop * (2 * part.weighted + drop * part.sum)) : 0.0);
    double all_support = warp_sum(there ? part.support : 0.0);
    double all_above = warp_sum(there ? part.above : 0.0);
    cross = warp_sum(there ? their_factor * part.cross : 0.0);
#pragma unroll 1
    for (int a = 0; a < alpha_count; a++) {
        double its = __shfl_sync(FULL_WARP, alpha, a);
        double p = warp_sum(there && most != MINUS_INFINITY ? part.powers[a] * exp(its * drop) : 0.0);
        if (lane == 0) {
            its_state[(S_POWERS + a) * step] = p;
        }
    }
    if (lane == 0) {
        its_state[S_MAX * step] = raised;
        its_state[S_SUM * step] = sum;
        its_state[S_WEIGHTED * step] = weighted;
        its_state[S_SQUARES * step] = flags & FLAG_SQUARES ? squares : 0.0;
        its_state[S_SUPPORT * step] = all_support;
        its_state[S_ABOVE * step] = all_above;
        its_state[S_CROSS * step] = cross;
        its_state[S_THEIR_MAX * step] = their_raised;
        if (flags & FLAG_MOMENTS) {
            Part& before = parts[warps];
#pragma unroll 1
            for (int w = 0; w < warps; w++) {
                add_moments(before.count, before.mean, before.deviations, parts[w].count, parts[w].mean,
                        parts[w].deviations);
            }
            its_state[S_MEAN * step] = before.mean;
            its_state[S_DEVIATIONS * step] = before.deviations;
        }
    }
}

// ---- single logits and whole rows; flat ----

// out[r] = the logit in column columns[r], which is that of token tokens[r]; 0 where the column is −1
extern "C" __global__ void take_logits(float* out, const float* tile, i64 stride, const int* columns,
        const int* tokens, int rows, const float* bias, float softcap) {
    Finish finish = {bias, softcap};
    FLAT_LOOP(r, rows) {
        out[r] = columns[r] < 0 ? 0.0f : finish(tile[r * stride + columns[r]], tokens[r]);
    }
}

// The logit of each row's target, of rows whose target is in the tile; others are left as they are.
extern "C" __global__ void pick_targets(float* out, const float* tile, i64 stride, int rows, int width, int from,
        const int* targets, const float* bias, float softcap) {
    Finish finish = {bias, softcap};
    FLAT_LOOP(r, rows) {
        int column = targets[r] - from;
        if (column >= 0 && column < width) {
            out[r] = finish(tile[r * stride + column], targets[r]);
        }
    }
}

extern "C" __global__ void finish_logits(
        float* tile, i64 stride, int rows, int width, int from, const float* bias, float softcap) {
    Finish finish = {bias, softcap};
    FLAT_LOOP(i, static_cast<i64>(rows) * width) {
        int column = i % width;
        i64 at = i / width * stride + column;
        tile[at] = finish(tile[at], from + column);
    }
}

// ---- the k largest logits; of equal ones the smaller id ----

extern "C" __global__ void top_begin(float* logits, int* ids, int rows, int k) {
    FLAT_LOOP(i, static_cast<i64>(rows) * k) {
        logits[i] = MINUS_INFINITY;
        ids[i] = -1;
    }
}

// Puts a token into a sorted list of k, which a warp holds in shared memory.
static __device__ __forceinline__ void insert(float* logits, int* ids, int k, float logit, int id) {
    int lane = threadIdx.x % 32;
    float kept[4];
    int kept_ids[4];
    int place = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int at = lane + 32 * i;
        bool before = false;
        kept[i] = 0;
        kept_ids[i] = -1;
        if (at < k) {
            kept[i] = logits[at];
            kept_ids[i] = ids[at];
            before = kept_ids[i] >= 0 && (kept[i] > logit || (kept[i] == logit && kept_ids[i] < id));
        }
        place += __popc(__ballot_sync(FULL_WARP, before));
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int at = lane + 32 * i;
        if (at >= place && at + 1 < k) {
            logits[at + 1] = kept[i];
            ids[at + 1] = kept_ids[i];
        }
    }
    __syncwarp();
    if (lane == 0 && place < k) {
        logits[place] = logit;
        ids[place] = id;
    }
    __syncwarp();
}

// Columns that a lane looks at together.
#define AT_ONCE 8

// A warp for each row, 4 in a block of 128 threads; k up to 128. Shared memory: 32 k bytes.
extern "C" __global__ void top_tile(float* logits, int* ids, int k, const float* tile, i64 stride, int rows,
        int width, int from, const float* bias, float softcap) {
    DYNAMIC_SHARED(float, shared);
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    i64 r = static_cast<i64>(blockIdx.x) * (blockDim.x / 32) + warp;
    if (r >= rows) {
        return;
    }
    float* own = shared + 2 * k * warp;
    int* own_ids = reinterpret_cast<int*>(own + k);
    for (int i = lane; i < k; i += 32) {
        own[i] = logits[r * k + i];
        own_ids[i] = ids[r * k + i];
    }
    __syncwarp();
    Finish finish = {bias, softcap};
    const float* row = tile + r * stride;
#pragma unroll 1
    for (int base = 0; base < width; base += 32 * AT_ONCE) {
        float z[AT_ONCE];
        float largest = MINUS_INFINITY;
#pragma unroll
        for (int i = 0; i < AT_ONCE; i++) {
            int column = base + lane + 32 * i;
            z[i] = column < width ? finish(row[column], from + column) : MINUS_INFINITY;
            largest = larger(largest, z[i]);
        }
        // most often there is nothing to do
        if (!__any_sync(FULL_WARP, own_ids[k - 1] < 0 || !(largest < own[k - 1]))) {
            continue;
        }
#pragma unroll 1
        for (int i = 0; i < AT_ONCE; i++) {
            int column = base + lane + 32 * i;
            float logit = MINUS_INFINITY;
#pragma unroll
            for (int j = 0; j < AT_ONCE; j++) {
                logit = i == j ? z[j] : logit;
            }
            bool open = own_ids[k - 1] < 0;
            float least = own[k - 1];
            int least_id = own_ids[k - 1];
            bool enters = column < width
                    && (open || logit > least || (logit == least && from + column < least_id));
            u32 waiting = __ballot_sync(FULL_WARP, enters);
            while (waiting != 0) {
                int source = __ffs(static_cast<int>(waiting)) - 1;
                waiting &= waiting - 1;
                insert(own, own_ids, k, __shfl_sync(FULL_WARP, logit, source), from + base + source + 32 * i);
            }
        }
    }
    for (int i = lane; i < k; i += 32) {
        logits[r * k + i] = own[i];
        ids[r * k + i] = own_ids[i];
    }
}

// ---- top-p sets ----

#define BUCKETS 1024
// Probabilities are summed as multiples of 2^-62, so that the order of sums does not matter.
#define UNIT 4611686018427387904.0

static __device__ __forceinline__ u64 units_of(float probability) {
    return static_cast<u64>(static_cast<double>(probability) * UNIT);
}

// Where the sum over buckets from the last one down reaches what is wanted. One warp; a lane has 32
// neighbouring buckets.
struct Place {
    int bucket; // −1: nowhere
    u64 mass;   // of the buckets above it
    int tokens; // in them
};

static __device__ void find_place(const int* tokens, const u64* mass, u64 wanted, Place* place) {
    int lane = threadIdx.x % 32;
    int last = BUCKETS - 1 - 32 * lane;
    u64 its_mass = 0;
    int its_tokens = 0;
    for (int i = 0; i < 32; i++) {
        its_mass += mass[last - i];
        its_tokens += tokens[last - i];
    }
    u64 mass_before = its_mass;
    int tokens_before = its_tokens;
    for (int lanes = 1; lanes < 32; lanes *= 2) {
        u64 m = __shfl_up_sync(FULL_WARP, mass_before, lanes);
        int n = __shfl_up_sync(FULL_WARP, tokens_before, lanes);
        if (lane >= lanes) {
            mass_before += m;
            tokens_before += n;
        }
    }
    u32 reached = __ballot_sync(FULL_WARP, mass_before >= wanted);
    mass_before -= its_mass;
    tokens_before -= its_tokens;
    if (reached == 0) {
        if (lane == 0) {
            place->bucket = -1;
        }
    } else if (lane == __ffs(static_cast<int>(reached)) - 1) {
        int bucket = last;
        while (mass_before + mass[bucket] < wanted || tokens[bucket] == 0) {
            mass_before += mass[bucket];
            tokens_before += tokens[bucket];
            bucket--;
        }
        place->bucket = bucket;
        place->mass = mass_before;
        place->tokens = tokens_before;
    }
    __syncwarp();
}

// Sums of a row by 10 bits of its probabilities, of those whose bits above these are `prefix`.
static __device__ void count_bits(
        int* tokens, u64* mass, const float* row, int width, int shift, u32 prefix) {
    for (int i = threadIdx.x; i < BUCKETS; i += blockDim.x) {
        tokens[i] = 0;
        mass[i] = 0;
    }
    __syncthreads();
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        u32 bits = __float_as_uint(row[i]);
        if (bits >> (shift + 10) == prefix) {
            u32 bucket = bits >> shift & (BUCKETS - 1);
            atomicAdd(&tokens[bucket], 1);
            atomicAdd(&mass[bucket], units_of(row[i]));
        }
    }
    __syncthreads();
}

// Makes a row of logits the probabilities that they stand for.
static __device__ void make_probabilities(float* row, int width, float* scratch, double* sums) {
    float most = MINUS_INFINITY;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        most = larger(most, row[i]);
    }
    most = warp_larger(most);
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        scratch[threadIdx.x / 32] = most;
    }
    __syncthreads();
    int warps = blockDim.x / 32;
    for (int w = 0; w < warps; w++) {
        most = larger(most, scratch[w]);
    }
    double sum = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float e = expf(row[i] - most);
        row[i] = e;
        sum += e;
    }
    double factor = 1 / block_sum(sum, sums);
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        row[i] = static_cast<float>(row[i] * factor);
    }
    __syncthreads();
}

// The tokens of a set, one bit each: all above `least`, and of those equal to it the first.
static __device__ void put_members(
        u32* members, int words, const float* row, int width, float least, int equal, bool all_equal) {
    int lane = threadIdx.x % 32;
    for (int word = threadIdx.x / 32; word < words; word += blockDim.x / 32) {
        int at = 32 * word + lane;
        float p = at < width ? row[at] : -1.0f;
        u32 bits = __ballot_sync(FULL_WARP, p > least || (all_equal && p == least));
        if (lane == 0) {
            members[word] = bits;
        }
    }
    __syncthreads();
    if (threadIdx.x >= 32) {
        return;
    }
    for (int word = 0; word < words && equal > 0 && !all_equal; word++) {
        int at = 32 * word + lane;
        u32 bits = __ballot_sync(FULL_WARP, at < width && row[at] == least);
        while (__popc(bits) > equal) {
            bits &= ~(0x80000000u >> __clz(static_cast<int>(bits)));
        }
        equal -= __popc(bits);
        if (lane == 0) {
            members[word] |= bits;
        }
    }
}

// Top-p sets of whole rows of logits, which become probabilities: TopPSet. A block of whole warps for
// each row. sizes, least [p_count × rows]; members [rows][p_count][words], where they are wanted.
extern "C" __global__ void top_p(float* logits, i64 stride, int rows, int width, const double* ps, int p_count,
        int* sizes, float* least_of, u32* members, int words) {
    __shared__ int coarse_tokens[BUCKETS];
    __shared__ u64 coarse_mass[BUCKETS];
    __shared__ int tokens[BUCKETS];
    __shared__ u64 mass[BUCKETS];
    __shared__ float scratch[32];
    __shared__ double sums[32];
    __shared__ Place place;
    int r = blockIdx.x;
    float* row = logits + r * stride;
    make_probabilities(row, width, scratch, sums);
    count_bits(coarse_tokens, coarse_mass, row, width, 20, 0);
#pragma unroll 1
    for (int p = 0; p < p_count; p++) {
        double exact = ps[p] * UNIT;
        u64 wanted = static_cast<u64>(exact);
        wanted += static_cast<double>(wanted) < exact;
        u64 above = 0;
        int size = width;
        int equal = 0;
        bool all_equal = true;
        float least = 0;
        if (threadIdx.x < 32) {
            find_place(coarse_tokens, coarse_mass, wanted, &place);
        }
        __syncthreads();
        if (place.bucket >= 0) {
            above = place.mass;
            size = place.tokens;
            u32 prefix = place.bucket;
#pragma unroll 1
            for (int shift = 10; shift >= 0; shift -= 10) {
                count_bits(tokens, mass, row, width, shift, prefix);
                if (threadIdx.x < 32) {
                    find_place(tokens, mass, wanted - above, &place);
                }
                __syncthreads();
                above += place.mass;
                size += place.tokens;
                prefix = prefix << 10 | static_cast<u32>(place.bucket);
                __syncthreads();
            }
            // what is left in the bucket is one number, again and again
            least = __uint_as_float(prefix);
            u64 each = units_of(least);
            int there = tokens[prefix & (BUCKETS - 1)];
            equal = each == 0 ? there : static_cast<int>((wanted - above + each - 1) / each);
            all_equal = equal == there;
            size += equal;
        }
        if (threadIdx.x == 0) {
            sizes[p * static_cast<i64>(rows) + r] = size;
            least_of[p * static_cast<i64>(rows) + r] = least;
        }
        if (members != nullptr) {
            put_members(members + (static_cast<i64>(r) * p_count + p) * words, words, row, width, least, equal,
                    all_equal);
        }
        __syncthreads();
    }
}

// How many tokens the sets one[s] and other[s] have in common: a block of whole warps for each.
extern "C" __global__ void top_p_shared(int* shared, const u32* one, const u32* other, int sets, int words) {
    __shared__ int scratch[32];
    int s = blockIdx.x;
    int count = 0;
    for (int i = threadIdx.x; i < words; i += blockDim.x) {
        count += __popc(one[static_cast<i64>(s) * words + i] & other[static_cast<i64>(s) * words + i]);
    }
    count = block_sum(count, scratch);
    if (threadIdx.x == 0) {
        shared[s] = count;
    }
}
