"""The machine that measures: its clock, its memory, what it draws, and what it says of itself."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

GIB = 2.0**30
DIGITS = 6


class Marks:
    """Moments of a step on the device's own clock: CUDA events, which the host need not wait for."""

    def __init__(self, device: str) -> None:
        self.on_card = device == "cuda"
        self.moments: list[tuple[str, Any]] = []

    def __call__(self, name: str) -> None:
        """Ends what `name` says, which began at the moment before."""
        moment: Any = time.perf_counter()
        if self.on_card:
            moment = torch.cuda.Event(enable_timing=True)
            moment.record()
        self.moments.append((name, moment))

    def seconds(self) -> dict[str, float]:
        """Seconds by name, once the device has passed every moment."""
        found: dict[str, float] = defaultdict(float)
        for (_, start), (name, end) in zip(self.moments, self.moments[1:], strict=False):
            found[name] += start.elapsed_time(end) / 1e3 if self.on_card else end - start
        return dict(found)


def wait(device: str) -> None:
    """Until the device has done all that it was given."""
    if device == "cuda":
        torch.cuda.synchronize()


def host_seconds(work: Callable[[], None], device: str, finished: bool = True) -> float:
    """Seconds of the host for some work on an idle device.

    Args:
        finished: Until the device has done it; otherwise until the host has handed it over.
    """
    wait(device)
    start = time.perf_counter()
    work()
    if finished:
        wait(device)
    return time.perf_counter() - start


def forget_memory(device: str) -> None:
    """Gives back what the allocator keeps and starts its peaks anew."""
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def memory_peaks(device: str) -> dict[str, float]:
    """Peaks of the allocator since `forget_memory`, and what the card now holds for every program on it."""
    if device != "cuda":
        return {}
    free, total = torch.cuda.mem_get_info()
    return {
        "peak_mem_reserved_gib": rounded(torch.cuda.max_memory_reserved() / GIB),
        "peak_mem_alloc_gib": rounded(torch.cuda.max_memory_allocated() / GIB),
        "used_on_card_gib": rounded((total - free) / GIB),
    }


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


class Meter:
    """What the card draws, by its own counter of energy; silent where NVIDIA's library is not installed."""

    def __init__(self, device: str) -> None:
        self.handle: Any = None
        if device != "cuda":
            return
        try:
            import pynvml
        except ImportError:
            return
        pynvml.nvmlInit()
        self.library = pynvml
        self.handle = pynvml.nvmlDeviceGetHandleByIndex(0)

    def joules(self) -> float | None:
        """Drawn since the driver started."""
        if self.handle is None:
            return None
        return float(self.library.nvmlDeviceGetTotalEnergyConsumption(self.handle)) / 1e3

    def megahertz(self) -> int | None:
        """Clock of the multiprocessors now."""
        if self.handle is None:
            return None
        return int(self.library.nvmlDeviceGetClockInfo(self.handle, self.library.NVML_CLOCK_SM))


def facts_of(device: str) -> dict[str, Any]:
    """Card, host and software with exact versions."""
    software = f"PyTorch {torch.__version__}, Python {platform.python_version()}"
    card = "none"
    if device == "cuda":
        card = torch.cuda.get_device_name()
        versions = (
            f"CUDA {torch.version.cuda}",
            f"cuDNN {torch.backends.cudnn.version()}",
            f"Triton {_triton()}",
            f"driver {_asked('driver_version')}",
        )
        software = f"{software}, {', '.join(versions)}"
    return {
        "card": card,
        "host": _host(),
        "software": software,
        "power_limit": _asked("power.limit"),
        "date": f"{datetime.date.today():%-d %B %Y}",
    }


def _host() -> str:
    """Processor and cores that the program sees."""
    name = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        models = [line for line in listed.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{len(os.sched_getaffinity(0))} cores of {name}"


def _triton() -> str:
    try:
        import triton
    except ImportError:
        return "none"
    return str(triton.__version__)


def _asked(question: str) -> str:
    """What nvidia-smi answers, "unknown" where it is not there."""
    command = ["nvidia-smi", f"--query-gpu={question}", "--format=csv,noheader"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.splitlines()[0].strip()
