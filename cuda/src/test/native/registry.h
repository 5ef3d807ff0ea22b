// Turns the arguments of cuLaunchKernel into those of a kernel.
#pragma once
#include "emulation.h"

#include <array>
#include <utility>

template <class... A>
struct EmuSignature {
    static constexpr int COUNT = sizeof...(A);
    static constexpr std::array<size_t, sizeof...(A)> SIZES = {sizeof(A)...};
    static constexpr std::array<size_t, sizeof...(A)> OFFSETS = [] {
        std::array<size_t, sizeof...(A)> offsets{};
        size_t at = 0;
        for (size_t i = 0; i < sizeof...(A); i++) {
            at = (at + SIZES[i] - 1) / SIZES[i] * SIZES[i];
            offsets[i] = at;
            at += SIZES[i];
        }
        return offsets;
    }();
    template <void (*KERNEL)(A...), size_t... I>
    static void call(void** arguments, std::index_sequence<I...>) {
        KERNEL(*static_cast<A*>(arguments[I])...);
    }
    template <void (*KERNEL)(A...)>
    static void invoke(void** arguments) {
        call<KERNEL>(arguments, std::index_sequence_for<A...>());
    }
};

template <class... A>
constexpr EmuSignature<A...> emu_signature(void (*)(A...)) {
    return {};
}

#define EMU_KERNEL(module, name)                                                       \
    {                                                                                  \
        module, #name, &decltype(emu_signature(&name))::template invoke<&name>,        \
                decltype(emu_signature(&name))::COUNT, decltype(emu_signature(&name))::SIZES.data(), \
                decltype(emu_signature(&name))::OFFSETS.data(), 0                      \
    }
