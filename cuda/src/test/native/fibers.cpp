// Runs kernels: the threads of a block are fibers on one thread of the machine, which change at
// barriers. Blocks run one after the other; every other one runs its threads from the last to the
// first, so that what depends on their order shows.
#include "device.h"
#include "emulation.h"

#include <sys/mman.h>
#include <ucontext.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;
unsigned char* emu_dynamic_shared;

extern char __start_emu_shared[] __attribute__((visibility("hidden"), weak));
extern char __stop_emu_shared[] __attribute__((visibility("hidden"), weak));

namespace {
constexpr int MOST = 1024;
constexpr size_t STACK = 128 << 10;

enum class State { NEW, READY, AT_BLOCK, AT_WARP, DONE };

struct Warp {
    int arrived;
    int alive;
    uint64_t values[2][32];
};

struct Fiber {
    State state;
    uint3 index;
    unsigned char turn;
#ifdef __x86_64__
    void* stack_pointer;
#else
    ucontext_t context;
#endif
};

char* stacks;
Fiber fibers[MOST];
Warp warps[MOST / 32];
int threads;
int alive;
int at_block;
int current = -1;
bool failed;
bool reverse;
const EmuKernel* kernel;

// the arguments of the launch, copied to where kernels may read
alignas(16) char values_of_arguments[4096];
void* arguments[128];

#ifdef __x86_64__
void* scheduler_stack;
extern "C" void emu_switch(void** save, void* to);
asm(R"(
.text
.hidden emu_switch
.globl emu_switch
emu_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
#else
ucontext_t scheduler_context;
#endif

void body();

void prepare(int t) {
    Fiber& fiber = fibers[t];
#ifdef __x86_64__
    void** top = reinterpret_cast<void**>(stacks + (t + 1) * STACK - 64);
    *--top = nullptr;  // where body would return to
    *--top = reinterpret_cast<void*>(&body);
    for (int i = 0; i < 6; i++) {
        *--top = nullptr;
    }
    fiber.stack_pointer = top;
#else
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = stacks + t * STACK;
    fiber.context.uc_stack.ss_size = STACK;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, &body, 0);
#endif
}

void to_scheduler() {
#ifdef __x86_64__
    emu_switch(&fibers[current].stack_pointer, scheduler_stack);
#else
    swapcontext(&fibers[current].context, &scheduler_context);
#endif
}

void to_fiber(int t) {
    current = t;
    threadIdx = fibers[t].index;
    if (fibers[t].state == State::NEW) {
        prepare(t);
    }
    fibers[t].state = State::READY;
#ifdef __x86_64__
    emu_switch(&scheduler_stack, fibers[t].stack_pointer);
#else
    swapcontext(&scheduler_context, &fibers[t].context);
#endif
    current = -1;
}

void wake(int from, int to, State waiting) {
    for (int t = from; t < to; t++) {
        if (fibers[t].state == waiting) {
            fibers[t].state = State::READY;
        }
    }
}

void release_block() {
    if (at_block > 0 && at_block == alive) {
        at_block = 0;
        wake(0, threads, State::AT_BLOCK);
    }
}

void release_warp(int w) {
    if (warps[w].arrived > 0 && warps[w].arrived == warps[w].alive) {
        warps[w].arrived = 0;
        wake(w * 32, w * 32 + 32, State::AT_WARP);
    }
}

void body() {
    kernel->call(arguments);
    fibers[current].state = State::DONE;
    alive--;
    int w = current / 32;
    warps[w].alive--;
    if (warps[w].arrived > 0) {
        emu_abandon(CUDA_LAUNCH_FAILED, "a thread ended while others of its warp wait for it", nullptr, 0);
    }
    release_block();
    to_scheduler();
    abort();
}

void wait_for_warp() {
    int w = current / 32;
    if (warps[w].alive != 32) {
        emu_abandon(CUDA_LAUNCH_FAILED, "a shuffle or vote in a warp that is not whole", nullptr, 0);
    }
    fibers[current].state = State::AT_WARP;
    warps[w].arrived++;
    release_warp(w);
    if (fibers[current].state != State::READY) {
        to_scheduler();
    }
}

void run_block() {
    size_t size = __stop_emu_shared - __start_emu_shared;
    if (size > 0) {
        memset(__start_emu_shared, 0xff, size);
    }
    for (int t = 0; t < threads; t++) {
        fibers[t].state = State::NEW;
        fibers[t].turn = 0;
        fibers[t].index = {t % blockDim.x, t / blockDim.x % blockDim.y, t / (blockDim.x * blockDim.y)};
    }
    for (int w = 0; w * 32 < threads; w++) {
        warps[w].arrived = 0;
        warps[w].alive = threads - w * 32 < 32 ? threads - w * 32 : 32;
    }
    alive = threads;
    at_block = 0;
    reverse = !reverse;
    while (alive > 0 && !failed) {
        bool moved = false;
        for (int i = 0; i < threads && !failed; i++) {
            int t = reverse ? threads - 1 - i : i;
            if (fibers[t].state == State::NEW || fibers[t].state == State::READY) {
                to_fiber(t);
                moved = true;
            }
        }
        if (!moved) {
            failed = true;
            emu_fault(CUDA_LAUNCH_FAILED, "kernel %s: threads wait for each other at different barriers", kernel->name);
        }
    }
}
}  // namespace

bool emu_on_fiber(const void* at) { return at >= stacks && at < stacks + MOST * STACK; }

void emu_abandon(int code, const char* what, const void* at, size_t size) {
    emu_fault(code, "kernel %s, block (%u, %u, %u), thread (%u, %u, %u): %s of %zu bytes at %p", kernel->name, blockIdx.x,
            blockIdx.y, blockIdx.z, threadIdx.x, threadIdx.y, threadIdx.z, what, size, at);
    failed = true;
    to_scheduler();
    abort();
}

void emu_sync_block() {
    fibers[current].state = State::AT_BLOCK;
    at_block++;
    release_block();
    if (fibers[current].state != State::READY) {
        to_scheduler();
    }
}

int emu_lane() { return current % 32; }

void emu_require_full_warp(unsigned mask) {
    if (mask != 0xffffffffu) {
        emu_abandon(CUDA_LAUNCH_FAILED, "a shuffle or vote of part of a warp", nullptr, 0);
    }
}

// values of two turns are kept: nobody can be further ahead than that
uint64_t emu_shuffle(uint64_t bits, int source) {
    Warp& warp = warps[current / 32];
    int turn = fibers[current].turn;
    fibers[current].turn ^= 1;
    warp.values[turn][current % 32] = bits;
    wait_for_warp();
    return warp.values[turn][source];
}

unsigned emu_ballot(bool vote) {
    Warp& warp = warps[current / 32];
    int turn = fibers[current].turn;
    fibers[current].turn ^= 1;
    warp.values[turn][current % 32] = vote;
    wait_for_warp();
    unsigned votes = 0;
    for (int lane = 0; lane < 32; lane++) {
        votes |= static_cast<unsigned>(warp.values[turn][lane]) << lane;
    }
    return votes;
}

bool emu_run(const EmuKernel& of, const unsigned grid[3], const unsigned block[3], size_t shared, void** its_arguments) {
    if (stacks == nullptr) {
        stacks = static_cast<char*>(mmap(nullptr, MOST * STACK, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    }
    kernel = &of;
    for (int i = 0; i < of.parameters; i++) {
        arguments[i] = values_of_arguments + of.offsets[i];
        memcpy(arguments[i], its_arguments[i], of.sizes[i]);
    }
    gridDim = {grid[0], grid[1], grid[2]};
    blockDim = {block[0], block[1], block[2]};
    threads = static_cast<int>(block[0] * block[1] * block[2]);
    emu_dynamic_shared = emu_prepare_shared(shared);
    failed = false;
    for (unsigned z = 0; z < grid[2]; z++) {
        for (unsigned y = 0; y < grid[1]; y++) {
            for (unsigned x = 0; x < grid[0] && !failed; x++) {
                blockIdx = {x, y, z};
                memset(emu_dynamic_shared, 0xff, shared);
                run_block();
            }
        }
    }
    return !failed;
}
