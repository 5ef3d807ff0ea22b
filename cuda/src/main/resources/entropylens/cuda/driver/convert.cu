// Conversions of rows of numbers between float32, float16 and bfloat16.
//
// Shapes: from[rows][from_stride], to[rows][to_stride], of which `columns` numbers of each row are converted.
// Grid: x covers columns, 8 numbers a thread; y covers rows, again and again where there are more than blocks.
// Block: 256 threads. Shared memory: none.

typedef unsigned short u16;

static __device__ __forceinline__ float read_f32(float v) { return v; }

static __device__ __forceinline__ float read_bf16(u16 v) {
  union { unsigned int bits; float value; } u;
  u.bits = (unsigned int)v << 16;
  return u.value;
}

static __device__ __forceinline__ float read_f16(u16 v) {
#ifdef __CUDA_ARCH__
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(v));
  return value;
#else
  unsigned int sign = (unsigned int)(v & 0x8000) << 16, exponent = (v >> 10) & 31, fraction = v & 1023;
  union { unsigned int bits; float value; } u;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    u.value = (float)fraction * 5.9604644775390625e-8f;
    u.bits |= sign;
  } else if (exponent == 31) {
    u.bits = sign | 0x7f800000u | fraction << 13;
  } else {
    u.bits = sign | (exponent + 112) << 23 | fraction << 13;
  }
  return u.value;
#endif
}

// Nearest, ties to even; a NaN stays one.
static __device__ __forceinline__ u16 write_bf16(float v) {
  union { unsigned int bits; float value; } u;
  u.value = v;
  if (v != v) return (u16)(u.bits >> 16 | 0x40);
  return (u16)((u.bits + 0x7fffu + (u.bits >> 16 & 1)) >> 16);
}

static __device__ __forceinline__ u16 write_f16(float v) {
#ifdef __CUDA_ARCH__
  u16 half;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(v));
  return half;
#else
  union { unsigned int bits; float value; } u;
  u.value = v;
  unsigned int sign = u.bits >> 16 & 0x8000u, bits = u.bits & 0x7fffffffu;
  if (bits > 0x7f800000u) return (u16)(sign | 0x7fff);
  if (bits >= 0x477ff000u) return (u16)(sign | 0x7c00);  // 65,520 and more round to infinity
  if (bits < 0x38800000u) {                              // below 2^-14: multiples of 2^-24
    u.bits = bits;
    float scaled = u.value * 16777216.0f;
    unsigned int whole = (unsigned int)scaled;
    float rest = scaled - (float)whole;
    if (rest > 0.5f || (rest == 0.5f && (whole & 1))) whole++;
    return (u16)(sign | whole);
  }
  unsigned int rounded = bits + 0xfffu + (bits >> 13 & 1);
  return (u16)(sign | ((rounded >> 13) - (112u << 10)));
#endif
}

static __device__ __forceinline__ float write_f32(float v) { return v; }

// 8 neighbours, which one thread moves with wide accesses where all rows are aligned for that.
template <typename T>
struct alignas(sizeof(T) * 8 > 16 ? 16 : sizeof(T) * 8) Eight {
  T v[8];
};

#define CONVERT(NAME, FROM, READ, TO, WRITE)                                                                  \
  extern "C" __global__ void NAME(const FROM* from, TO* to, long long rows, long long columns,                \
                                  long long from_stride, long long to_stride) {                               \
    long long c = ((long long)blockIdx.x * blockDim.x + threadIdx.x) * 8;                                     \
    if (c >= columns) return;                                                                                 \
    bool wide = c + 8 <= columns && (unsigned long long)from % 16 == 0 && (unsigned long long)to % 16 == 0 && \
                from_stride % 8 == 0 && to_stride % 8 == 0;                                                   \
    for (long long r = blockIdx.y; r < rows; r += gridDim.y) {                                                \
      const FROM* in = from + r * from_stride + c;                                                            \
      TO* out = to + r * to_stride + c;                                                                       \
      if (wide) {                                                                                             \
        Eight<FROM> a = *(const Eight<FROM>*)in;                                                              \
        Eight<TO> b;                                                                                          \
        for (int i = 0; i < 8; i++) b.v[i] = WRITE(READ(a.v[i]));                                             \
        *(Eight<TO>*)out = b;                                                                                 \
      } else {                                                                                                \
        for (int i = 0; i < 8 && c + i < columns; i++) out[i] = WRITE(READ(in[i]));                           \
      }                                                                                                       \
    }                                                                                                         \
  }

CONVERT(f32_to_bf16, float, read_f32, u16, write_bf16)
CONVERT(f32_to_f16, float, read_f32, u16, write_f16)
CONVERT(bf16_to_f32, u16, read_bf16, float, write_f32)
CONVERT(f16_to_f32, u16, read_f16, float, write_f32)
CONVERT(bf16_to_f16, u16, read_bf16, u16, write_f16)
CONVERT(f16_to_bf16, u16, read_f16, u16, write_bf16)
