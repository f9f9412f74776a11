"""A scene's name and a seed -> a small landscape as PNG, painted in code. The same seed paints the same picture.

A picture is a sky and bands before it, back to front. A band answers, for each place from left (0) to right (1), where
it begins and ends from top (0) to bottom (1).
"""

import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

WIDTH, HEIGHT = 720, 405

Colour = tuple[int, int, int]
Edges = Callable[[float], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Band:
    colour: Colour
    edges: Edges


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour: the sky's from top to horizon, the sun, land far and near, water."""

    high: Colour
    low: Colour
    sun: Colour
    far: Colour
    near: Colour
    water: Colour
    dark: Colour


_LIGHTS = (
    Light(
        (96, 142, 176), (240, 220, 190), (255, 244, 214), (124, 146, 152), (70, 98, 88), (86, 128, 146), (38, 52, 58)
    ),
    Light((74, 98, 140), (246, 190, 150), (255, 232, 190), (134, 120, 140), (82, 78, 92), (99, 112, 140), (40, 38, 54)),
    Light(
        (142, 158, 168), (222, 224, 218), (246, 244, 232), (150, 162, 160), (96, 114, 98), (99, 128, 144), (50, 60, 60)
    ),
    Light(
        (58, 110, 160), (206, 228, 232), (255, 250, 226), (99, 148, 136), (66, 118, 74), (58, 118, 148), (34, 54, 48)
    ),
)


def _chances(seed: str) -> Callable[[], float]:
    """Numbers from 0 to 1 that the seed alone decides."""
    digits = iter(blake2b(seed.encode(), digest_size=64).digest())
    return lambda: next(digits) / 255


def _ridge(colour: Colour, at: float, height: float, chance: Callable[[], float], down_to: float = 1.0) -> Band:
    waves = [(2.2, 0.6 * height), (5.3, 0.28 * height), (13.7, 0.12 * height)]
    shifts = [chance() * math.tau for _ in waves]

    def edges(x: float) -> tuple[float, float]:
        rise = sum(size * math.sin(pace * x * 2 + shift) for (pace, size), shift in zip(waves, shifts, strict=True))
        return at - rise, down_to

    return Band(colour, edges)


def _cloud(colour: Colour, down_to: float, height: float, chance: Callable[[], float]) -> Band:
    under = _ridge(colour, down_to, height, chance)
    return Band(colour, lambda x: (0.0, (under.edges(2 * x) or (0.0,))[0]))


def _disc(colour: Colour, x0: float, y0: float, radius: float) -> Band:
    def edges(x: float) -> tuple[float, float] | None:
        across = (x - x0) * WIDTH / HEIGHT
        if abs(across) >= radius:
            return None
        half = math.sqrt(radius**2 - across**2)
        return y0 - half, y0 + half

    return Band(colour, edges)


def _slope(colour: Colour, left: float, right: float, tops: tuple[float, float], bottom: float) -> Band:
    """A shape with a straight top from left to right: a sail, half a roof, a wall."""

    def edges(x: float) -> tuple[float, float] | None:
        if not left <= x <= right:
            return None
        return tops[0] + (tops[1] - tops[0]) * (x - left) / (right - left), bottom

    return Band(colour, edges)


def _boat(light: Light, x: float, y: float, size: float) -> list[Band]:
    pale = _mix(light.sun, light.low, 0.4)
    return [
        _slope(pale, x, x + 0.5 * size, (y - size, y), y),
        _slope(light.near, x - 0.3 * size, x - 0.03 * size, (y, y - 0.8 * size), y),
        _slope(light.dark, x - 0.45 * size, x + 0.6 * size, (y + 0.008,) * 2, y + 0.008 + 0.14 * size),
    ]


def _house(light: Light, x: float, y: float, size: float) -> list[Band]:
    wall, roof = _mix(light.low, light.far, 0.35), _mix(light.dark, light.near, 0.3)
    window = _slope(light.dark, x + 0.16 * size, x + 0.26 * size, (y - 0.38 * size,) * 2, y - 0.2 * size)
    return [
        _slope(wall, x, x + 0.6 * size, (y - 0.6 * size,) * 2, y),
        _slope(roof, x - 0.04 * size, x + 0.3 * size, (y - 0.58 * size, y - size), y - 0.55 * size),
        _slope(roof, x + 0.3 * size, x + 0.64 * size, (y - size, y - 0.58 * size), y - 0.55 * size),
        window,
    ]


def _water(light: Light, horizon: float, sun_x: float) -> list[Band]:
    glints = [
        _slope(_mix(light.sun, light.water, 0.45), sun_x - wide, sun_x + wide, (y, y), y + 0.008)
        for wide, y in ((0.03 + 0.012 * n * (1 + n % 3), horizon + 0.03 + 0.045 * n) for n in range(7))
    ]
    shade = _slope(_mix(light.water, light.dark, 0.3), 0.0, 1.0, (horizon + 0.22, horizon + 0.27), 1.0)
    return [_slope(light.water, 0.0, 1.0, (horizon, horizon), 1.0), shade, *glints]


def _harbour(light: Light, chance: Callable[[], float]) -> list[Band]:
    sun_x = 0.2 + 0.6 * chance()
    boats = [_boat(light, 0.15 + 0.22 * n + 0.1 * chance(), 0.7 + 0.07 * n, 0.08 + 0.05 * n) for n in range(3)]
    far = _ridge(light.far, 0.56, 0.05, chance)
    return [_disc(light.sun, sun_x, 0.34, 0.07), far, *_water(light, 0.6, sun_x), *chain(*boats)]


def _hills(light: Light, chance: Callable[[], float]) -> list[Band]:
    colours = [_mix(light.far, light.near, share) for share in (0.0, 0.35, 0.7, 1.0)]
    ridges = [_ridge(colour, 0.46 + 0.13 * n, 0.11 - 0.015 * n, chance) for n, colour in enumerate(colours)]
    return [_disc(light.sun, 0.2 + 0.6 * chance(), 0.26, 0.06), *ridges]


def _village(light: Light, chance: Callable[[], float]) -> list[Band]:
    back = [_ridge(light.far, 0.5, 0.1, chance), _ridge(_mix(light.far, light.near, 0.6), 0.68, 0.05, chance)]
    houses = [_house(light, 0.06 + 0.19 * n + 0.05 * chance(), 0.84, 0.15 + 0.1 * chance()) for n in range(5)]
    return [_disc(light.sun, 0.8, 0.22, 0.06), *back, *chain(*houses), _ridge(light.near, 0.84, 0.015, chance)]


def _storm(light: Light, chance: Callable[[], float]) -> list[Band]:
    grey = _mix(light.high, light.dark, 0.35)
    clouds = [_cloud(_mix(grey, light.low, 0.5 - 0.16 * n), 0.42 - 0.12 * n, 0.05, chance) for n in range(4)]
    return [
        *clouds,
        _ridge(light.far, 0.6, 0.06, chance),
        *_water(light, 0.66, 0.5),
        _ridge(light.dark, 0.92, 0.04, chance),
    ]


_SCENES: dict[str, Callable[[Light, Callable[[], float]], list[Band]]] = {
    "harbour": _harbour,
    "hills": _hills,
    "village": _village,
    "storm": _storm,
}
SCENES = tuple(_SCENES)


@lru_cache(maxsize=64)
def paint(scene: str, seed: str) -> bytes:
    """PNG bytes, WIDTH by HEIGHT. Raises KeyError for a scene that is not one of SCENES."""
    chance = _chances(seed)
    light = _LIGHTS[int(chance() * 255) % len(_LIGHTS)]
    bands = _SCENES[scene](light, chance)
    sky = b"".join(bytes(_mix(light.high, light.low, min(1.0, 1.6 * y / HEIGHT))) for y in range(HEIGHT))
    return _png(b"".join(_column(x / WIDTH, sky, bands) for x in range(WIDTH)))


def _column(x: float, sky: bytes, bands: list[Band]) -> bytes:
    column = bytearray(sky)
    for band in bands:
        span = band.edges(x)
        if span is not None:
            top, bottom = (max(0, min(HEIGHT, round(edge * HEIGHT))) for edge in span)
            column[3 * top : 3 * bottom] = bytes(band.colour) * max(0, bottom - top)
    return bytes(column)


def _mix(a: Colour, b: Colour, share: float) -> Colour:
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(a, b, strict=True))
    return red, green, blue


def _png(columns: bytes) -> bytes:
    """Columns of RGB -> a PNG file (ISO/IEC 15948): rows of RGB, no filter, one IDAT."""
    rows = bytearray()
    planes = [columns[channel::3] for channel in range(3)]
    for y in range(HEIGHT):
        row = bytearray(3 * WIDTH)
        for channel, plane in enumerate(planes):
            row[channel::3] = plane[y::HEIGHT]
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
