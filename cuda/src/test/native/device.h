// The part of CUDA C++ that our kernels use, for g++: each thread of a block is a fiber (fibers.cpp).
// Loads and stores of kernels are checked (memory.cpp).
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#define __device__
#define __host__
#define __global__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __restrict__ __restrict
// one block runs at a time, so what its threads share may be static; filled with NaNs before each block
#define __shared__ static __attribute__((section("emu_shared")))
#define DYNAMIC_SHARED(type, name) type* name = reinterpret_cast<type*>(emu_dynamic_shared)

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(8) ushort4 { unsigned short x, y, z, w; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
struct alignas(8) uint2 { unsigned x, y; };
struct alignas(16) int4 { int x, y, z, w; };

inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline float2 make_float2(float x, float y) { return {x, y}; }
inline ushort4 make_ushort4(unsigned short x, unsigned short y, unsigned short z, unsigned short w) { return {x, y, z, w}; }

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
extern unsigned char* emu_dynamic_shared;

// fibers.cpp
void emu_sync_block();
uint64_t emu_shuffle(uint64_t bits, int source_lane);
unsigned emu_ballot(bool vote);
int emu_lane();

inline void __syncthreads() { emu_sync_block(); }
inline void __syncwarp(unsigned = 0xffffffffu) { emu_ballot(true); }

template <class T>
inline T emu_shuffle_value(T value, int source_lane) {
    uint64_t bits = 0;
    static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
    memcpy(&bits, &value, sizeof(T));
    bits = emu_shuffle(bits, source_lane);
    memcpy(&value, &bits, sizeof(T));
    return value;
}
void emu_require_full_warp(unsigned mask);
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask) {
    emu_require_full_warp(mask);
    return emu_shuffle_value(value, emu_lane() ^ lane_mask);
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, int delta) {
    emu_require_full_warp(mask);
    int source = emu_lane() + delta;
    return emu_shuffle_value(value, source < 32 ? source : emu_lane());
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, int delta) {
    emu_require_full_warp(mask);
    int source = emu_lane() - delta;
    return emu_shuffle_value(value, source >= 0 ? source : emu_lane());
}
template <class T>
inline T __shfl_sync(unsigned mask, T value, int source) {
    emu_require_full_warp(mask);
    return emu_shuffle_value(value, source & 31);
}
inline unsigned __ballot_sync(unsigned mask, bool vote) {
    emu_require_full_warp(mask);
    return emu_ballot(vote);
}
inline bool __any_sync(unsigned mask, bool vote) { return __ballot_sync(mask, vote) != 0; }
inline bool __all_sync(unsigned mask, bool vote) { return __ballot_sync(mask, vote) == 0xffffffffu; }

// fibers change only at barriers, so a plain sum is atomic
template <class T, class V>
inline T atomicAdd(T* at, V value) {
    T before = *at;
    *at = before + static_cast<T>(value);
    return before;
}
template <class T>
inline T atomicMax(T* at, T value) {
    T before = *at;
    *at = before > value ? before : value;
    return before;
}
template <class T>
inline T atomicOr(T* at, T value) {
    T before = *at;
    *at = before | value;
    return before;
}

inline int __float_as_int(float v) { int b; memcpy(&b, &v, 4); return b; }
inline unsigned __float_as_uint(float v) { unsigned b; memcpy(&b, &v, 4); return b; }
inline float __int_as_float(int b) { float v; memcpy(&v, &b, 4); return v; }
inline float __uint_as_float(unsigned b) { float v; memcpy(&v, &b, 4); return v; }
inline double __longlong_as_double(long long b) { double v; memcpy(&v, &b, 8); return v; }
inline long long __double_as_longlong(double v) { long long b; memcpy(&b, &v, 8); return b; }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline int __clz(int v) { return v == 0 ? 32 : __builtin_clz(static_cast<unsigned>(v)); }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((static_cast<uint64_t>(a) * b) >> 32); }
template <class T>
inline T __ldg(const T* at) { return *at; }
inline float __fdividef(float a, float b) { return a / b; }
inline float rsqrtf(float v) { return 1 / std::sqrt(v); }
inline double rsqrt(double v) { return 1 / std::sqrt(v); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
inline long long min(long long a, long long b) { return a < b ? a : b; }
inline long long max(long long a, long long b) { return a > b ? a : b; }
