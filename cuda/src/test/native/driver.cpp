// The part of libcuda that the driver package binds. Everything is done at once, in the order of the
// calls, so streams and events are only names. A fault in a kernel shows, as on a device, in the call
// after the launch, and stays until the context is released.
#include "emulation.h"

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))
#define LOCKED                                                \
    std::lock_guard<std::recursive_mutex> locked(emu_lock);   \
    if (emu_sticky != 0) {                                    \
        return emu_sticky;                                    \
    }

std::recursive_mutex emu_lock;
int emu_sticky;
long long emu_descriptor_count;

namespace {
constexpr int NOT_INITIALIZED = 3;
constexpr int INVALID_IMAGE = 200;
constexpr int NOT_FOUND = 500;
constexpr int INVALID_DEVICE = 101;
constexpr size_t MOST_SHARED = 48 << 10;

bool initialised;
long long launches;
long long allocations;
long long failing_allocation = -1;
long long failing_allocations_from = -1;
long long failing_launch = -1;
int launch_error;
bool environment_read;
std::set<void*> host_memory;

long long environment(const char* name, long long otherwise) {
    const char* value = getenv(name);
    return value == nullptr ? otherwise : atoll(value);
}

void read_environment() {
    if (environment_read) {
        return;
    }
    environment_read = true;
    failing_allocation = environment("EMU_FAIL_ALLOC", -1);
    if (const char* value = getenv("EMU_FAIL_LAUNCH")) {
        failing_launch = atoll(value);
        const char* code = strchr(value, ':');
        launch_error = code == nullptr ? CUDA_LAUNCH_FAILED : atoi(code + 1);
    }
}

struct Event {
    std::chrono::steady_clock::time_point at;
};

int copied(void* to, const void* from, size_t bytes, bool to_device, bool from_device) {
    if (bytes > 0 && ((to_device && !emu_valid(to, bytes)) || (from_device && !emu_valid(from, bytes)))) {
        fprintf(stderr, "emulation: a copy of %zu bytes from %p to %p leaves its allocation\n", bytes, from, to);
        return CUDA_INVALID_VALUE;
    }
    memmove(to, from, bytes);
    return 0;
}

const char* name_of(int code) {
    switch (code) {
        case 0: return "CUDA_SUCCESS";
        case 1: return "CUDA_ERROR_INVALID_VALUE";
        case 2: return "CUDA_ERROR_OUT_OF_MEMORY";
        case 3: return "CUDA_ERROR_NOT_INITIALIZED";
        case 100: return "CUDA_ERROR_NO_DEVICE";
        case 101: return "CUDA_ERROR_INVALID_DEVICE";
        case 200: return "CUDA_ERROR_INVALID_IMAGE";
        case 201: return "CUDA_ERROR_INVALID_CONTEXT";
        case 214: return "CUDA_ERROR_ECC_UNCORRECTABLE";
        case 400: return "CUDA_ERROR_INVALID_HANDLE";
        case 500: return "CUDA_ERROR_NOT_FOUND";
        case 700: return "CUDA_ERROR_ILLEGAL_ADDRESS";
        case 701: return "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES";
        case 716: return "CUDA_ERROR_MISALIGNED_ADDRESS";
        case 719: return "CUDA_ERROR_LAUNCH_FAILED";
        default: return nullptr;
    }
}

const char* text_of(int code) {
    switch (code) {
        case 0: return "no error";
        case 1: return "invalid argument";
        case 2: return "out of memory";
        case 3: return "initialization error";
        case 100: return "no CUDA-capable device is detected";
        case 101: return "invalid device ordinal";
        case 200: return "device kernel image is invalid";
        case 201: return "invalid device context";
        case 214: return "uncorrectable ECC error encountered";
        case 400: return "invalid resource handle";
        case 500: return "named symbol not found";
        case 700: return "an illegal memory access was encountered";
        case 701: return "too many resources requested for launch";
        case 716: return "misaligned address";
        case 719: return "unspecified launch failure";
        default: return nullptr;
    }
}
}  // namespace

void emu_fault(int code, const char* message, ...) {
    va_list rest;
    va_start(rest, message);
    fprintf(stderr, "emulation: ");
    vfprintf(stderr, message, rest);
    fprintf(stderr, "\n");
    va_end(rest);
    emu_sticky = code;
}

// ---- what tests ask for ----

/// The n-th allocation from now on (from 1) fails; 0 for none.
EXPORT void emu_fail_alloc(long long n) {
    read_environment();
    failing_allocation = n == 0 ? -1 : allocations + n;
}

/// All allocations fail from the n-th from now on (from 1); 0 for none.
EXPORT void emu_fail_allocs_from(long long n) {
    read_environment();
    failing_allocations_from = n == 0 ? -1 : allocations + n;
}

/// The n-th launch from now on (from 1) gives an error; 0 for none.
EXPORT void emu_fail_launch(long long n, int code) {
    read_environment();
    failing_launch = n == 0 ? -1 : launches + n;
    launch_error = code;
}

EXPORT void emu_reset() {
    std::lock_guard<std::recursive_mutex> locked(emu_lock);
    environment_read = true;
    failing_allocation = -1;
    failing_allocations_from = -1;
    failing_launch = -1;
    emu_sticky = 0;
    emu_reset_memory();
}

EXPORT long long emu_used() { return static_cast<long long>(emu_used_bytes()); }

EXPORT long long emu_launches() { return launches; }

EXPORT long long emu_descriptors() { return emu_descriptor_count; }

// ---- libcuda ----

EXPORT int cuInit(unsigned) {
    read_environment();
    initialised = true;
    return environment("EMU_DEVICES", 1) == 0 ? 100 : 0;
}

EXPORT int cuDriverGetVersion(int* version) {
    *version = static_cast<int>(environment("EMU_DRIVER", 13000));
    return 0;
}

EXPORT int cuDeviceGetCount(int* count) {
    *count = static_cast<int>(environment("EMU_DEVICES", 1));
    return initialised ? 0 : NOT_INITIALIZED;
}

EXPORT int cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return ordinal >= 0 && ordinal < environment("EMU_DEVICES", 1) ? 0 : INVALID_DEVICE;
}

EXPORT int cuDeviceGetName(char* name, int length, int) {
    snprintf(name, static_cast<size_t>(length), "Emulated GPU");
    return 0;
}

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
    int capability = static_cast<int>(environment("EMU_CAPABILITY", 90));
    switch (attribute) {
        case 16: *value = 4; return 0;
        case 38: *value = 1 << 17; return 0;
        case 75: *value = capability / 10; return 0;
        case 76: *value = capability % 10; return 0;
        case 97: *value = 96 << 10; return 0;
        default: return CUDA_INVALID_VALUE;
    }
}

EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = emu_total();
    return 0;
}

EXPORT int cuDevicePrimaryCtxRetain(void** context, int) {
    LOCKED
    *context = &emu_sticky;
    return initialised ? 0 : NOT_INITIALIZED;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
    std::lock_guard<std::recursive_mutex> locked(emu_lock);
    emu_sticky = 0;
    return 0;
}

EXPORT int cuCtxSetCurrent(void*) { return 0; }

EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
    LOCKED
    *total = emu_total();
    *free = *total - emu_used_bytes();
    return 0;
}

EXPORT int cuMemAlloc_v2(void** at, size_t bytes) {
    LOCKED
    if (bytes == 0) {
        return CUDA_INVALID_VALUE;
    }
    allocations++;
    bool none_left = failing_allocations_from >= 0 && allocations >= failing_allocations_from;
    if (none_left || allocations == failing_allocation) {
        return CUDA_OUT_OF_MEMORY;
    }
    *at = emu_allocate(bytes);
    return *at == nullptr ? CUDA_OUT_OF_MEMORY : 0;
}

EXPORT int cuMemFree_v2(void* at) {
    LOCKED
    return at == nullptr || emu_free(at) ? 0 : CUDA_INVALID_VALUE;
}

EXPORT int cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, void*) {
    LOCKED
    return copied(to, from, bytes, true, false);
}

EXPORT int cuMemcpyDtoHAsync_v2(void* to, const void* from, size_t bytes, void*) {
    LOCKED
    return copied(to, from, bytes, false, true);
}

EXPORT int cuMemcpyDtoDAsync_v2(void* to, const void* from, size_t bytes, void*) {
    LOCKED
    return copied(to, from, bytes, true, true);
}

EXPORT int cuMemsetD8Async(void* at, unsigned char value, size_t bytes, void*) {
    LOCKED
    if (!emu_valid(at, bytes)) {
        return CUDA_INVALID_VALUE;
    }
    memset(at, value, bytes);
    return 0;
}

EXPORT int cuMemAllocHost_v2(void** at, size_t bytes) {
    LOCKED
    *at = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    host_memory.insert(*at);
    return *at == nullptr ? CUDA_OUT_OF_MEMORY : 0;
}

EXPORT int cuMemFreeHost(void* at) {
    std::lock_guard<std::recursive_mutex> locked(emu_lock);
    if (host_memory.erase(at) == 0) {
        return CUDA_INVALID_VALUE;
    }
    free(at);
    return 0;
}

EXPORT int cuStreamCreate(void** stream, unsigned) {
    LOCKED
    *stream = malloc(1);
    return 0;
}

EXPORT int cuStreamDestroy_v2(void* stream) {
    free(stream);
    return 0;
}

EXPORT int cuStreamSynchronize(void*) {
    LOCKED
    return 0;
}

EXPORT int cuStreamWaitEvent(void*, void*, unsigned) {
    LOCKED
    return 0;
}

EXPORT int cuEventCreate(void** event, unsigned) {
    LOCKED
    *event = new Event();
    return 0;
}

EXPORT int cuEventDestroy_v2(void* event) {
    delete static_cast<Event*>(event);
    return 0;
}

EXPORT int cuEventRecord(void* event, void*) {
    LOCKED
    static_cast<Event*>(event)->at = std::chrono::steady_clock::now();
    return 0;
}

EXPORT int cuEventSynchronize(void*) {
    LOCKED
    return 0;
}

EXPORT int cuEventElapsedTime(float* milliseconds, void* from, void* to) {
    LOCKED
    auto passed = static_cast<Event*>(to)->at - static_cast<Event*>(from)->at;
    *milliseconds = std::chrono::duration<float, std::milli>(passed).count();
    return 0;
}

EXPORT int cuEventElapsedTime_v2(float* milliseconds, void* from, void* to) {
    return cuEventElapsedTime(milliseconds, from, to);
}

EXPORT int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
    LOCKED
    if (strncmp(static_cast<const char*>(image), "emulated ", 9) != 0) {
        return INVALID_IMAGE;
    }
    *module = new std::string(static_cast<const char*>(image) + 9);
    return 0;
}

EXPORT int cuModuleUnload(void* module) {
    delete static_cast<std::string*>(module);
    return 0;
}

EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
    LOCKED
    for (int i = 0; emu_kernels[i] != nullptr; i++) {
        if (*static_cast<std::string*>(module) == emu_kernels[i]->module && strcmp(emu_kernels[i]->name, name) == 0) {
            *function = emu_kernels[i];
            return 0;
        }
    }
    return NOT_FOUND;
}

EXPORT int cuFuncSetAttribute(void* function, int attribute, int value) {
    LOCKED
    if (attribute != 8 || value < 0 || value > (96 << 10)) {
        return CUDA_INVALID_VALUE;
    }
    static_cast<EmuKernel*>(function)->most_shared = static_cast<size_t>(value);
    return 0;
}

EXPORT int cuFuncGetParamInfo(void* function, size_t index, size_t* offset, size_t* size) {
    const EmuKernel* kernel = static_cast<EmuKernel*>(function);
    if (index >= static_cast<size_t>(kernel->parameters)) {
        return CUDA_INVALID_VALUE;
    }
    *offset = kernel->offsets[index];
    *size = kernel->sizes[index];
    return 0;
}

EXPORT int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
        unsigned shared, void*, void** arguments, void**) {
    LOCKED
    EmuKernel* kernel = static_cast<EmuKernel*>(function);
    launches++;
    if (launches == failing_launch) {
        emu_fault(launch_error, "kernel %s fails as asked", kernel->name);
        return launch_error == CUDA_OUT_OF_MEMORY ? CUDA_OUT_OF_MEMORY : 0;
    }
    unsigned grid[3] = {gx, gy, gz};
    unsigned block[3] = {bx, by, bz};
    uint64_t per_block = static_cast<uint64_t>(bx) * by * bz;
    bool valid = gx >= 1 && gy >= 1 && gz >= 1 && gx <= 0x7fffffffu && gy <= 65535 && gz <= 65535 && per_block >= 1
            && per_block <= 1024 && bz <= 64
            && shared <= (kernel->most_shared > MOST_SHARED ? kernel->most_shared : MOST_SHARED);
    if (!valid) {
        fprintf(stderr, "emulation: kernel %s cannot have a grid of (%u, %u, %u), blocks of (%u, %u, %u) and %u shared bytes\n",
                kernel->name, gx, gy, gz, bx, by, bz, shared);
        return CUDA_INVALID_VALUE;
    }
    emu_run(*kernel, grid, block, shared, arguments);
    return 0;
}

EXPORT int cuGetErrorName(int code, const char** text) {
    *text = name_of(code);
    return *text == nullptr ? CUDA_INVALID_VALUE : 0;
}

EXPORT int cuGetErrorString(int code, const char** text) {
    *text = text_of(code);
    return *text == nullptr ? CUDA_INVALID_VALUE : 0;
}

