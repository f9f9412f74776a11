"""Pictures painted in code: real PNG files, small, the same every time."""

import struct
import zlib

import pytest

from syndication.demo.paint import HEIGHT, SCENES, WIDTH, paint


def chunks(data):
    place = 8
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        assert check == zlib.crc32(kind + body)
        yield kind, body
        place += 12 + length


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_is_a_whole_png(scene):
    data = paint(scene, "a-story")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    (_, header), (_, body), (last, _) = chunks(data)
    assert struct.unpack(">IIBBBBB", header) == (WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    rows = zlib.decompress(body)
    assert len(rows) == HEIGHT * (1 + 3 * WIDTH)
    assert set(rows[:: 1 + 3 * WIDTH]) == {0}
    assert last == b"IEND"
    assert len(data) < 20_000
    pixels = {rows[place : place + 3] for place in range(1, len(rows) - 3, 3 * 97)}
    assert len(pixels) > 20  # a landscape, not a blank


@pytest.mark.parametrize("scene", SCENES)
def test_the_seed_decides(scene):
    first = paint(scene, "one")
    paint.cache_clear()
    assert paint(scene, "one") == first
    assert paint(scene, "another") != first


def test_a_scene_that_nobody_can_paint_is_an_error():
    with pytest.raises(KeyError):
        paint("moon", "one")
