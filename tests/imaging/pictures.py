"""Pictures of our own making, for tests."""

import io
from typing import Any

from PIL import Image


def a_picture(size: tuple[int, int] = (800, 600), format: str = "JPEG", mode: str = "RGB", **given: Any) -> bytes:
    """One colour; whatever else is given goes to the writer."""
    colour = given.pop("colour", 90 if mode not in ("RGB", "RGBA", "CMYK", "LA") else None)
    image = Image.new(mode, size) if colour is None else Image.new(mode, size, colour)
    return written(image, format, **given)


def halves(size: tuple[int, int], format: str = "JPEG", **given: Any) -> bytes:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", size, (230, 20, 20))
    image.paste((20, 20, 230), (size[0] // 2, 0, *size))
    return written(image, format, **given)


def written(image: Image.Image, format: str, **given: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **given)
    return out.getvalue()
