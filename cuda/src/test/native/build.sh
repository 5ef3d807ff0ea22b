#!/bin/bash
# Builds the emulation of CUDA's libraries into a folder: build.sh FOLDER [RESOURCES]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh FOLDER [RESOURCES]}
resources=${2:-$here/../../main/resources/entropylens/cuda}
mkdir -p "$out/build"
cd "$out/build"
if command -v flock > /dev/null; then # one build at a time
    exec 9> lock
    flock 9
fi
changed=no
flags=(-std=c++17 -O2 -g -fPIC -fvisibility=hidden -Wall -Wno-unused-function -I "$here" -I "$resources")
checked=(-DBF16_CACHE -fsanitize=kernel-address --param asan-instrumentation-with-call-threshold=0 --param asan-stack=0
    --param asan-globals=0 -fno-tree-vectorize -Wno-attributes -Wno-unknown-pragmas)

# one unit per module
units=()
rm -f unit_*.cpp
for file in "$resources"/*.cu "$resources"/driver/*.cu; do
    [ -e "$file" ] || continue
    module=$(basename "$file" .cu)
    prelude=""
    common=/dev/null
    if [ "$(dirname "$file")" = "$resources" ]; then
        common=$resources/common.cuh
        prelude="#include \"$common\""
    fi
    # which kernels there are is read from the text, with macros expanded
    names=$(cat "$common" "$file" | g++ -E -P -DBF16_CACHE -x c++ - \
        | grep -oE '__global__ void +(__launch_bounds__\([^)]*\) +)?[a-z0-9_]+\(' | sed -E 's/\($//; s/.* //')
    {
        echo '#include "device.h"'
        echo '#include "registry.h"'
        echo "$prelude"
        echo "#include \"$file\""
        echo "extern const char source_$module[];"
        printf 'const char source_%s[] = R"__source__(' "$module"
        cat "$common"
        printf ')__source__" R"__source__('
        cat "$file"
        echo ')__source__";'
        echo "EmuKernel kernels_$module[] = {"
        for name in $names; do
            echo "    EMU_KERNEL(\"$module\", $name),"
        done
        echo "};"
        echo "extern const int count_$module;"
        echo "const int count_$module = sizeof(kernels_$module) / sizeof(EmuKernel);"
    } > "unit_$module.cpp"
    units+=("$module:$names")
done

{
    echo '#include "emulation.h"'
    for unit in "${units[@]}"; do
        echo "extern EmuKernel kernels_${unit%%:*}[];"
        echo "extern const char source_${unit%%:*}[];"
    done
    echo 'EmuKernel* const emu_kernels[] = {'
    for unit in "${units[@]}"; do
        index=0
        for name in ${unit#*:}; do
            echo "    &kernels_${unit%%:*}[$index],"
            index=$((index + 1))
        done
    done
    echo '    nullptr};'
    echo 'const EmuSource emu_sources[] = {'
    for unit in "${units[@]}"; do
        echo "    {\"${unit%%:*}\", source_${unit%%:*}},"
    done
    echo '    {nullptr, nullptr}};'
} > sources.cpp

compile() { # object, source, flags...
    local object=$1 source=$2
    shift 2
    local stamp="$object.sum"
    local sum
    sum=$( (cat "$source" "$here"/*.h; [[ "$source" == unit_* ]] && cat "$resources"/common.cuh; true) | cksum)
    if [ ! -e "$object" ] || [ "$sum" != "$(cat "$stamp" 2>/dev/null)" ]; then
        rm -f "$stamp"
        g++ "${flags[@]}" "$@" -c "$source" -o "$object"
        echo "$sum" > "$stamp"
        changed=yes
    fi
}

objects=()
for source in driver nvrtc cublaslt memory fibers; do
    fast=()
    [ $source = cublaslt ] && fast=(-O3)
    compile "$source.o" "$here/$source.cpp" "${fast[@]}"
    objects+=("$source.o")
done
compile sources.o sources.cpp
objects+=(sources.o)
for unit in "${units[@]}"; do
    compile "unit_${unit%%:*}.o" "unit_${unit%%:*}.cpp" "${checked[@]}"
    objects+=("unit_${unit%%:*}.o")
done
if [ $changed = no ] && [ -e "$out/libcuda.so.1" ]; then
    exit 0
fi
g++ -shared -o libcuda.so.1.new "${objects[@]}" -Wl,-z,defs -Wl,-Bsymbolic
mv libcuda.so.1.new "$out/libcuda.so.1"
ln -sf libcuda.so.1 "$out/libnvrtc.so.13"
ln -sf libcuda.so.1 "$out/libcublasLt.so.13"
