"""Where training runs: the best device of this machine, by name, and how its CPU is used."""

import ctypes
import os
import platform
import sys
from pathlib import Path

import torch


def best_device() -> torch.device:
    """CUDA if there is one, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def device_name(device: torch.device) -> str:
    """What a person calls the device: 'AMD EPYC', 'NVIDIA H100'."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return _cpu_name()


def take_gpu(number: int) -> None:
    """Train on this one of the GPUs from now on, counted in turn; without any it changes nothing."""
    if torch.cuda.is_available():
        torch.cuda.set_device(number % torch.cuda.device_count())


def n_trainers(device: torch.device) -> int:
    """How many processes that train pay off on this machine: one for each GPU, or for each core."""
    if device.type == "cuda":
        return torch.cuda.device_count()
    return n_cores() if device.type == "cpu" else 1


def n_cores() -> int:
    """The cores that this process may use; a container's share counts."""
    n_cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, min(n_cores, int(quota) // int(period)))
    except (OSError, ValueError):
        return n_cores


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(named), "") or platform.processor() or platform.machine() or "CPU"


def use_one_thread() -> None:
    """Compute on one core from now on: other numbers of threads round differently.

    A run is to go on bit for bit in any other trainer, and the other cores have trainers of their own.
    """
    torch.set_num_threads(1)


def release_memory() -> None:
    """Give freed memory back to the system, where the C library can: 3 MB of 4 per run on Linux.

    A run's first update leaves its large, short-lived tensors as holes below its small, long-lived ones.
    """
    if sys.platform == "linux" and platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def release_device_memory(device: torch.device) -> None:
    """Give the memory of runs that are over back to the device, where torch keeps it for later."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
