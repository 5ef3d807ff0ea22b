// The part of cuBLASLt that the driver package binds: products in plain loops, float32 sums.
#include "emulation.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {
constexpr int SUCCESS = 0;
constexpr int INVALID = 7;
constexpr int FAILED = 13;
constexpr int NOT_SUPPORTED = 15;
constexpr int FLOAT32 = 0;
constexpr int FLOAT16 = 2;
constexpr int BFLOAT16 = 14;
constexpr int COMPUTE_32F = 68;
constexpr int COMPUTE_TF32 = 77;

struct Product {
    int compute;
    int transposed_a;
    int transposed_b;
};
struct Layout {
    int type;
    uint64_t rows;
    uint64_t columns;
    int64_t leading;
};
struct Preference {
    uint64_t workspace;
};
struct Heuristic {
    uint64_t algorithm[8];
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
};
static_assert(sizeof(Heuristic) == 96, "as in cublasLt.h");
constexpr uint64_t ALGORITHM = 0x656d756c61746564;

float bits_to_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

float half_to_float(uint16_t half) {
    int exponent = half >> 10 & 31;
    int fraction = half & 1023;
    float magnitude = exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
            : exponent == 0          ? std::ldexp(static_cast<float>(fraction), -24)
                                     : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return half & 0x8000 ? -magnitude : magnitude;
}

size_t size_of(int type) { return type == FLOAT32 ? 4 : 2; }

/// Of 23 bits of fraction, tf32 keeps 10.
float to_tf32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return std::isfinite(value) ? bits_to_float((bits + 0x1000u) & 0xffffe000u) : value;
}

float read(const void* at, int type, size_t index, bool tf32) {
    if (type == FLOAT32) {
        float value = static_cast<const float*>(at)[index];
        return tf32 ? to_tf32(value) : value;
    }
    uint16_t bits = static_cast<const uint16_t*>(at)[index];
    return type == FLOAT16 ? half_to_float(bits) : bits_to_float(static_cast<uint32_t>(bits) << 16);
}

float dot(const float* a, const float* b, size_t n) {
    float sums[16] = {};
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        for (int lane = 0; lane < 16; lane++) {
            sums[lane] += a[i + lane] * b[i + lane];
        }
    }
    float rest = 0;
    for (; i < n; i++) {
        rest += a[i] * b[i];
    }
    for (int half = 8; half > 0; half /= 2) {
        for (int lane = 0; lane < half; lane++) {
            sums[lane] += sums[lane + half];
        }
    }
    return sums[0] + rest;
}

bool in_memory(const void* at, const Layout& layout) {
    size_t bytes = ((layout.columns - 1) * static_cast<size_t>(layout.leading) + layout.rows) * size_of(layout.type);
    return emu_valid(at, bytes);
}
}  // namespace

EXPORT int cublasLtCreate(void** handle) {
    *handle = new int(0);
    return SUCCESS;
}

EXPORT int cublasLtDestroy(void* handle) {
    delete static_cast<int*>(handle);
    return SUCCESS;
}

EXPORT size_t cublasLtGetVersion() { return 130000; }

EXPORT const char* cublasLtGetStatusString(int status) {
    switch (status) {
        case SUCCESS: return "CUBLAS_STATUS_SUCCESS";
        case INVALID: return "CUBLAS_STATUS_INVALID_VALUE";
        case FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        default: return "CUBLAS_STATUS_INTERNAL_ERROR";
    }
}

EXPORT const char* cublasLtGetStatusName(int status) { return cublasLtGetStatusString(status); }

EXPORT int cublasLtMatmulDescCreate(void** product, int compute, int scale) {
    *product = new Product{compute, 0, 0};
    emu_descriptor_count++;
    return (compute == COMPUTE_32F || compute == COMPUTE_TF32) && scale == FLOAT32 ? SUCCESS : NOT_SUPPORTED;
}

EXPORT int cublasLtMatmulDescDestroy(void* product) {
    delete static_cast<Product*>(product);
    emu_descriptor_count--;
    return SUCCESS;
}

EXPORT int cublasLtMatmulDescSetAttribute(void* of, int attribute, const void* value, size_t bytes) {
    Product* product = static_cast<Product*>(of);
    if (bytes != 4 || (attribute != 3 && attribute != 4)) {
        return INVALID;
    }
    memcpy(attribute == 3 ? &product->transposed_a : &product->transposed_b, value, 4);
    return SUCCESS;
}

EXPORT int cublasLtMatrixLayoutCreate(void** layout, int type, uint64_t rows, uint64_t columns, int64_t leading) {
    *layout = new Layout{type, rows, columns, leading};
    emu_descriptor_count++;
    return type == FLOAT32 || type == FLOAT16 || type == BFLOAT16 ? SUCCESS : NOT_SUPPORTED;
}

EXPORT int cublasLtMatrixLayoutDestroy(void* layout) {
    delete static_cast<Layout*>(layout);
    emu_descriptor_count--;
    return SUCCESS;
}

EXPORT int cublasLtMatmulPreferenceCreate(void** preference) {
    *preference = new Preference{0};
    return SUCCESS;
}

EXPORT int cublasLtMatmulPreferenceDestroy(void* preference) {
    delete static_cast<Preference*>(preference);
    return SUCCESS;
}

EXPORT int cublasLtMatmulPreferenceSetAttribute(void* of, int attribute, const void* value, size_t bytes) {
    if (attribute >= 5 && attribute <= 8 && bytes == 4) {
        return SUCCESS;  // alignments of A, B, C and D: any will do
    }
    if (attribute != 1 || bytes != 8) {
        return INVALID;
    }
    memcpy(&static_cast<Preference*>(of)->workspace, value, 8);
    return SUCCESS;
}

static bool fit(const Product& product, const Layout& a, const Layout& b, const Layout& c, const Layout& d) {
    uint64_t m = product.transposed_a ? a.columns : a.rows;
    uint64_t k = product.transposed_a ? a.rows : a.columns;
    uint64_t k_of_b = product.transposed_b ? b.columns : b.rows;
    uint64_t n = product.transposed_b ? b.rows : b.columns;
    bool sizes = m == d.rows && n == d.columns && k == k_of_b && c.rows == d.rows && c.columns == d.columns && m > 0
            && n > 0 && k > 0;
    bool leading = a.leading >= static_cast<int64_t>(a.rows) && b.leading >= static_cast<int64_t>(b.rows)
            && c.leading >= static_cast<int64_t>(c.rows) && d.leading >= static_cast<int64_t>(d.rows);
    return sizes && leading && a.type == b.type && c.type == FLOAT32 && d.type == FLOAT32
            && (product.compute == COMPUTE_32F || a.type == FLOAT32);
}

EXPORT int cublasLtMatmulAlgoGetHeuristic(void*, void* product, void* a, void* b, void* c, void* d, void*, int wanted,
        void* results, int* found) {
    *found = 0;
    if (wanted < 1
            || !fit(*static_cast<Product*>(product), *static_cast<Layout*>(a), *static_cast<Layout*>(b),
                    *static_cast<Layout*>(c), *static_cast<Layout*>(d))) {
        return NOT_SUPPORTED;
    }
    Heuristic heuristic = {};
    heuristic.algorithm[0] = ALGORITHM;
    memcpy(results, &heuristic, sizeof heuristic);
    *found = 1;
    return SUCCESS;
}

EXPORT int cublasLtMatmul(void*, void* of_product, const float* alpha, const void* a, void* of_a, const void* b, void* of_b,
        const float* beta, const void* c, void* of_c, void* d, void* of_d, const void* algorithm, void*, size_t, void*) {
    std::lock_guard<std::recursive_mutex> locked(emu_lock);
    if (emu_sticky != 0) {
        return FAILED;
    }
    const Product& product = *static_cast<Product*>(of_product);
    const Layout& la = *static_cast<Layout*>(of_a);
    const Layout& lb = *static_cast<Layout*>(of_b);
    const Layout& lc = *static_cast<Layout*>(of_c);
    const Layout& ld = *static_cast<Layout*>(of_d);
    uint64_t mark = ALGORITHM;
    if (!fit(product, la, lb, lc, ld) || (algorithm != nullptr && memcmp(algorithm, &mark, 8) != 0)) {
        return INVALID;
    }
    if (!in_memory(a, la) || !in_memory(b, lb) || !in_memory(d, ld) || (*beta != 0 && !in_memory(c, lc))) {
        emu_fault(CUDA_ILLEGAL_ADDRESS, "cublasLtMatmul: a matrix leaves its allocation (%llu × %llu by %llu × %llu)",
                static_cast<unsigned long long>(la.rows), static_cast<unsigned long long>(la.columns),
                static_cast<unsigned long long>(lb.rows), static_cast<unsigned long long>(lb.columns));
        return FAILED;
    }
    bool tf32 = product.compute == COMPUTE_TF32;
    size_t m = ld.rows;
    size_t n = ld.columns;
    size_t k = product.transposed_a ? la.rows : la.columns;
    std::vector<float> right(n * k);
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < k; i++) {
            size_t at = product.transposed_b ? i * lb.leading + j : j * lb.leading + i;
            right[j * k + i] = read(b, lb.type, at, tf32);
        }
    }
    std::vector<float> left(k);
    for (size_t o = 0; o < m; o++) {
        for (size_t i = 0; i < k; i++) {
            size_t at = product.transposed_a ? o * la.leading + i : i * la.leading + o;
            left[i] = read(a, la.type, at, tf32);
        }
        for (size_t j = 0; j < n; j++) {
            float before = *beta == 0 ? 0 : *beta * static_cast<const float*>(c)[j * lc.leading + o];
            static_cast<float*>(d)[j * ld.leading + o] = *alpha * dot(left.data(), &right[j * k], k) + before;
        }
    }
    return SUCCESS;
}
