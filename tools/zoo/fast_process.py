"""Starts a script again with the settings of memory and threads that make training fast on a CPU.

One process has one thread: two models trained side by side use two cores better than one model on both. glibc must
keep big blocks instead of giving each back to the system, which costs up to half of the time otherwise.
"""

import os
import sys

SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "16000000000",
    "MALLOC_TOP_PAD_": "500000000",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "TOKENIZERS_PARALLELISM": "false",
}


def ensure() -> None:
    """These settings are read only when a process starts."""
    if any(os.environ.get(key) != value for key, value in SETTINGS.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | SETTINGS)
