"""Where the numbers come from. Out: what stands above every table, so that they can be read later."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path


def heading(*packages: str) -> str:
    """Machine, versions, load and command, a line each."""
    names = ", ".join(f"{package} {version(package)}" for package in packages)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return "\n".join(
        (
            f"machine   {os.cpu_count()} cores ({_model()}), {_memory_gib():.0f} GiB, {platform.platform()}",
            f"versions  CPython {platform.python_version()}, {names}",
            f"load      {load} (1, 5, 15 minutes, before the run)",
            f"command   python {' '.join([_script(), *sys.argv[1:]])}",
        )
    )


def _script() -> str:
    return "/".join(Path(sys.argv[0]).parts[-2:])


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
