// What the files of the emulation share.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>

constexpr int CUDA_INVALID_VALUE = 1;
constexpr int CUDA_OUT_OF_MEMORY = 2;
constexpr int CUDA_ILLEGAL_ADDRESS = 700;
constexpr int CUDA_MISALIGNED_ADDRESS = 716;
constexpr int CUDA_LAUNCH_FAILED = 719;

extern std::recursive_mutex emu_lock;

/// The error that stays until the context is released; 0 for none.
extern int emu_sticky;

/// Descriptors of cuBLASLt that were made and not given back.
extern long long emu_descriptor_count;
void emu_fault(int code, const char* message, ...) __attribute__((format(printf, 2, 3)));

/// A kernel that was built in.
struct EmuKernel {
    const char* module;
    const char* name;
    void (*call)(void** arguments);
    int parameters;
    const size_t* sizes;
    const size_t* offsets;
    size_t most_shared;
};
/// A source text that was built in.
struct EmuSource {
    const char* module;
    const char* text;
};
extern EmuKernel* const emu_kernels[];
extern const EmuSource emu_sources[];

// memory.cpp
void* emu_allocate(size_t bytes);
bool emu_free(void* at);
size_t emu_total();
size_t emu_used_bytes();
/// Whether all of these bytes belong to one allocation.
bool emu_valid(const void* at, size_t bytes);
/// Room for what the threads of a block share: exactly so many bytes of it may be touched.
unsigned char* emu_prepare_shared(size_t bytes);
void emu_reset_memory();

// fibers.cpp
/// Runs a kernel; whether it went well.
bool emu_run(const EmuKernel& kernel, const unsigned grid[3], const unsigned block[3], size_t shared, void** arguments);
/// Leaves the kernel that runs, from within it.
[[noreturn]] void emu_abandon(int code, const char* what, const void* at, size_t size);
bool emu_on_fiber(const void* at);
