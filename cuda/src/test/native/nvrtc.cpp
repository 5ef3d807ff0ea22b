// The part of NVRTC that the driver package binds. Sources were compiled by g++ when this library was
// built; a program "compiles" if its text is one of them, to the letter.
#include "emulation.h"

#include <cstdio>
#include <cstring>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {
struct Program {
    std::string source;
    std::string log;
    std::string image;
};
}  // namespace

EXPORT int nvrtcVersion(int* major, int* minor) {
    *major = 13;
    *minor = 99; // so that kernels of the emulation are not taken for real ones in a cache
    return 0;
}

EXPORT int nvrtcCreateProgram(void** program, const char* source, const char*, int, const char* const*, const char* const*) {
    *program = new Program{source, "", ""};
    return 0;
}

EXPORT int nvrtcDestroyProgram(void** program) {
    delete static_cast<Program*>(*program);
    *program = nullptr;
    return 0;
}

EXPORT int nvrtcCompileProgram(void* of, int, const char* const*) {
    Program* program = static_cast<Program*>(of);
    for (const EmuSource* source = emu_sources; source->module != nullptr; source++) {
        if (program->source == source->text) {
            program->image = std::string("emulated ") + source->module;
            return 0;
        }
    }
    program->log = "the emulation was not built with this source; build it again";
    return 6;  // NVRTC_ERROR_COMPILATION
}

EXPORT int nvrtcGetCUBINSize(void* of, size_t* size) {
    *size = static_cast<Program*>(of)->image.size() + 1;
    return 0;
}

EXPORT int nvrtcGetCUBIN(void* of, char* to) {
    Program* program = static_cast<Program*>(of);
    memcpy(to, program->image.c_str(), program->image.size() + 1);
    return 0;
}

EXPORT int nvrtcGetProgramLogSize(void* of, size_t* size) {
    *size = static_cast<Program*>(of)->log.size() + 1;
    return 0;
}

EXPORT int nvrtcGetProgramLog(void* of, char* to) {
    Program* program = static_cast<Program*>(of);
    memcpy(to, program->log.c_str(), program->log.size() + 1);
    return 0;
}

EXPORT const char* nvrtcGetErrorString(int code) {
    return code == 0 ? "NVRTC_SUCCESS" : code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR";
}
