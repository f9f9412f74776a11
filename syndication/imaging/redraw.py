"""Bytes of a partner's -> Drawn: starts the child, gives it the bytes, and kills it when its time is over.

What the child says is believed no further than it can be checked. Nothing of its memory or its crash reaches us.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from syndication.model.image import Drawn, ImageSize

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one picture. `seconds` by the clock, `cpu_seconds` of the processor."""

    widths: tuple[int, ...] = (640, 1280)
    bytes_max: int = 12 * 1024 * 1024
    pixels_max: int = 40_000_000
    width_min: int = 100
    """What is narrower is a mark or a counter, and no picture."""
    height_min: int = 60
    seconds: float = 20.0
    cpu_seconds: int = 10
    memory_bytes: int = 1024 * 1024 * 1024
    output_bytes: int = 8 * 1024 * 1024


def redraw(data: bytes, limits: Limits | None = None) -> Drawn:
    """A JPEG for each width that it has, or why not. Never raises for what the bytes hold."""
    limits = limits or Limits()
    if len(data) > limits.bytes_max:
        return Drawn(refusal=f"it has {len(data)} bytes, {limits.bytes_max} are the most")
    with TemporaryFile() as given, TemporaryFile() as taken:
        given.write(data)
        given.seek(0)
        status = _run(given, taken, limits)
        if status is None:
            return Drawn(refusal=f"it took longer than {limits.seconds:g} seconds")
        if status:
            return _crashed(status)
        taken.seek(0)
        return _read(taken.read(limits.output_bytes + 1), limits)


def _run(given: IO[bytes], taken: IO[bytes], limits: Limits) -> int | None:
    """The child's exit status; None when it was killed for its time. Files, not pipes: nobody waits for a reader."""
    command = [sys.executable, "-I", str(CHILD), json.dumps(_asked(limits))]
    with subprocess.Popen(  # noqa: S603 (our own interpreter, our own file)
        command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL, env={}, start_new_session=True
    ) as child:
        try:
            return child.wait(limits.seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            child.kill()


def _asked(limits: Limits) -> dict[str, Any]:
    return {
        "widths": limits.widths,
        "pixels_max": limits.pixels_max,
        "width_min": limits.width_min,
        "height_min": limits.height_min,
        "limits": {
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds,
            "output_bytes": limits.output_bytes,
        },
    }


def _crashed(status: int) -> Drawn:
    if status == -signal.SIGXCPU:
        return Drawn(refusal="it took more of the processor than a picture may")
    # Somebody else may have killed it, the machine for want of memory: that is worth another try.
    return Drawn(refusal=f"its decoder ended with status {status}", passing=status == -signal.SIGKILL)


def _read(answer: bytes, limits: Limits) -> Drawn:
    line, _, rest = answer.partition(b"\n")
    try:
        told = json.loads(line)
        if refusal := told.get("refusal"):
            return Drawn(refusal=str(refusal), passing=told.get("passing") is True)
        sizes = [ImageSize(*map(int, size)) for size in told["sizes"]]
        files = tuple(_files(sizes, rest, max(limits.widths)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return Drawn(refusal=f"its decoder's answer makes no sense: {error}")
    return Drawn(files) if files else Drawn(refusal="its decoder gave no picture")


def _files(sizes: list[ImageSize], rest: bytes, width_max: int) -> Iterator[tuple[ImageSize, bytes]]:
    """Raises ValueError for what is no JPEG of the size that was told."""
    if sum(size.bytes for size in sizes) != len(rest):
        raise ValueError("another number of bytes than told")
    at = 0
    for size in sizes:
        data = rest[at : at + size.bytes]
        at += size.bytes
        if not (data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9") and 0 < size.width <= width_max):
            raise ValueError("no JPEG")
        yield size, data
