// Device memory: one reserved region with a shadow byte for every 8 bytes, which says how many of
// them may be touched. g++ -fsanitize=kernel-address calls the functions at the end for every load
// and store of a kernel.
#include "emulation.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <map>

namespace {
constexpr size_t REGION = size_t{1} << 36;
constexpr size_t SHARED = size_t{1} << 20;
constexpr size_t ALIGNMENT = 512;
constexpr size_t GAP = 512;

unsigned char* region;
unsigned char* shadow;
std::map<size_t, size_t> taken;  // offset → bytes
size_t used;
size_t limit;

void* reserve(size_t bytes) {
    void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        abort();
    }
    return at;
}

void prepare() {
    if (region == nullptr) {
        region = static_cast<unsigned char*>(reserve(REGION));
        shadow = static_cast<unsigned char*>(reserve(REGION / 8));
    }
}

void mark(size_t offset, size_t bytes, bool valid) {
    memset(shadow + offset / 8, valid ? 8 : 0, bytes / 8);
    if (bytes % 8 != 0) {
        shadow[(offset + bytes) / 8] = valid ? bytes % 8 : 0;
    }
}

size_t place(size_t bytes) {
    size_t at = SHARED + ALIGNMENT;
    for (const auto& [offset, length] : taken) {
        if (at + bytes + GAP <= offset) {
            return at;
        }
        at = (offset + length + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return at + bytes + GAP <= REGION ? at : 0;
}
}  // namespace

size_t emu_total() {
    if (limit == 0) {
        const char* given = getenv("EMU_MEMORY");
        limit = given == nullptr ? size_t{8} << 30 : strtoull(given, nullptr, 10);
    }
    return limit;
}

extern "C" __attribute__((visibility("default"))) void emu_memory(long long bytes) { limit = static_cast<size_t>(bytes); }

size_t emu_used_bytes() { return used; }

void* emu_allocate(size_t bytes) {
    prepare();
    size_t at = used + bytes <= emu_total() ? place(bytes) : 0;
    if (at == 0) {
        return nullptr;
    }
    taken[at] = bytes;
    used += bytes;
    mark(at, bytes, true);
    memset(region + at, 0xff, bytes);
    return region + at;
}

bool emu_free(void* at) {
    auto found = region == nullptr ? taken.end() : taken.find(static_cast<unsigned char*>(at) - region);
    if (found == taken.end()) {
        return false;
    }
    mark(found->first, found->second, false);
    // whole pages alone go back to the machine: others may hold a neighbour
    size_t first = (found->first + 4095) / 4096 * 4096;
    size_t last = (found->first + found->second) / 4096 * 4096;
    if (first < last) {
        madvise(region + first, last - first, MADV_DONTNEED);
    }
    used -= found->second;
    taken.erase(found);
    return true;
}

bool emu_valid(const void* at, size_t bytes) {
    if (region == nullptr || at < region || at >= region + REGION) {
        return false;
    }
    size_t offset = static_cast<const unsigned char*>(at) - region;
    auto next = taken.upper_bound(offset);
    if (next == taken.begin()) {
        return false;
    }
    --next;
    return offset + bytes <= next->first + next->second;
}

unsigned char* emu_prepare_shared(size_t bytes) {
    prepare();
    mark(0, SHARED - 8, false);
    mark(0, bytes, true);
    return region;
}

void emu_reset_memory() {
    while (!taken.empty()) {
        emu_free(region + taken.begin()->first);
    }
    limit = 0;
}

extern "C" {
extern const char __ehdr_start __attribute__((visibility("hidden")));
extern const char _end __attribute__((visibility("hidden")));
extern const char __start_emu_shared[] __attribute__((visibility("hidden"), weak));
extern const char __stop_emu_shared[] __attribute__((visibility("hidden"), weak));
}

static bool in_library(uintptr_t at) {
    return (at >= reinterpret_cast<uintptr_t>(&__ehdr_start) && at < reinterpret_cast<uintptr_t>(&_end))
            || (at >= reinterpret_cast<uintptr_t>(__start_emu_shared) && at < reinterpret_cast<uintptr_t>(__stop_emu_shared));
}

static inline void check(uintptr_t at, size_t size, bool write, size_t alignment) {
    if (at - reinterpret_cast<uintptr_t>(region) < REGION) {
        if (at % alignment != 0) {
            emu_abandon(CUDA_MISALIGNED_ADDRESS, write ? "unaligned store" : "unaligned load", reinterpret_cast<void*>(at), size);
        }
        uintptr_t offset = at - reinterpret_cast<uintptr_t>(region);
        uintptr_t last = offset + size - 1;
        if (shadow[offset / 8] == 0 || shadow[last / 8] <= last % 8) {
            emu_abandon(CUDA_ILLEGAL_ADDRESS, write ? "store" : "load", reinterpret_cast<void*>(at), size);
        }
        return;
    }
    const void* pointer = reinterpret_cast<const void*>(at);
    if (emu_on_fiber(pointer) || in_library(at)) {
        return;
    }
    emu_abandon(CUDA_ILLEGAL_ADDRESS, write ? "store to memory of the host" : "load from memory of the host", pointer, size);
}

#define ACCESS(size)                                                                                             \
    extern "C" void __asan_load##size##_noabort(uintptr_t at) { check(at, size, false, size); }   \
    extern "C" void __asan_store##size##_noabort(uintptr_t at) { check(at, size, true, size); }
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)
extern "C" void __asan_loadN_noabort(uintptr_t at, size_t size) { check(at, size, false, 1); }
extern "C" void __asan_storeN_noabort(uintptr_t at, size_t size) { check(at, size, true, 1); }
extern "C" void __asan_handle_no_return() {}
