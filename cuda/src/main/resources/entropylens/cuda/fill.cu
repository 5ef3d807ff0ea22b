// Random weights, for timings of models whose files are not there.

// Two rounds of a 64-bit mixer (splitmix64) over seed and counter: as random as timings need.
static __device__ __forceinline__ u64 mixed(u64 value) {
    value += 0x9e3779b97f4a7c15ull;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
    value = (value ^ value >> 27) * 0x94d049bb133111ebull;
    return value ^ value >> 31;
}

// Normal numbers of the given standard deviation (Box and Muller), two for each counter: the same
// for the same seed whatever the grid.
extern "C" __global__ void fill_normal(void* out, int type, i64 n, float std, u64 seed) {
    FLAT_LOOP(i, (n + 1) / 2) {
        u64 bits = mixed(mixed(seed) ^ static_cast<u64>(i));
        float first = (static_cast<float>(bits >> 40) + 1) * 5.9604645e-8f; // (0, 1]
        float second = static_cast<float>(bits >> 8 & 0xffffffu) * 5.9604645e-8f;
        float radius = std * sqrtf(-2 * logf(first));
        float angle = 6.2831853f * second;
        put_weight(out, type, 2 * i, radius * cosf(angle));
        if (2 * i + 1 < n) {
            put_weight(out, type, 2 * i + 1, radius * sinf(angle));
        }
    }
}
