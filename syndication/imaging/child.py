"""The child that makes one picture anew, and ends. In: bytes on stdin. Out, on stdout: a line of JSON, then JPEGs.

It is a program of its own and imports nothing of ours: whatever a picture does to the decoder happens here, under
limits of memory, time and output that are set before the first byte is read. Alone knows Pillow.
"""

import json
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
QUALITY = 82
SRGB_MODES = ("RGB", "CMYK", "L")


TIMES_AS_TALL = 4
"""Taller than wide by more, it is a column of text or a strip, and no picture beside a story."""


class Refused(Exception):
    """It is not made anew; the message says why."""


def is_short(data: bytes) -> bool:
    """Whether the end of it is missing, so that another try may bring it whole."""
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd9" not in data[-1024:]
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-1024:]
    if data.startswith(b"RIFF"):
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    return not data or (data.startswith(b"GIF8") and not data.rstrip(b"\0").endswith(b";"))


def limit(memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
    # Past the first limit of time the system says why it ends the child, past the second it only ends it.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, output_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def redraw(data: bytes, *, widths: list[int], pixels_max: int, width_min: int, height_min: int) -> list[Any]:
    """For each width: width, height, JPEG. Never larger than it came. Raises Refused."""
    from PIL import Image

    image = _opened(data, pixels_max)
    # A JPEG may be decoded at a fraction of its size, which spares most of the work.
    image.draft(None, (2 * max(widths), 2 * max(widths)))
    upright = _upright(image)
    if upright.width < width_min or upright.height < height_min:
        raise Refused(f"it has only {upright.width} x {upright.height} pixels")
    if upright.height > TIMES_AS_TALL * upright.width:
        raise Refused(f"it is {upright.height // upright.width} times as tall as wide")
    drawn, colours = [], image.info.get("icc_profile")
    for width in sorted({min(width, upright.width) for width in widths}):
        height = max(1, round(upright.height * width / upright.width))
        sized = upright.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        out = BytesIO()
        # A new picture of the pixels alone: no EXIF, no comment, no profile comes along.
        _in_srgb(_on_white(sized), colours).save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        drawn.append((width, height, out.getvalue()))
    return drawn


def _opened(data: bytes, pixels_max: int) -> Any:
    from PIL import Image, UnidentifiedImageError

    # What begins as a picture may hold these letters in a comment: none of it but the pixels comes along.
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data[:2000].lower():
        raise Refused("it is an SVG, which is a program more than a picture")
    Image.MAX_IMAGE_PIXELS = pixels_max
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused(f"it is none of {', '.join(FORMATS)}") from None
    except Image.DecompressionBombError:
        raise Refused(f"it has more than {pixels_max} pixels") from None
    if image.width * image.height > pixels_max:
        raise Refused(f"it has {image.width} x {image.height} pixels, {pixels_max} are the most")
    return image


def _upright(image: Any) -> Any:
    """The first frame, as its camera was held, in a mode that can be resized."""
    from PIL import ImageOps

    image.seek(0)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":  # sixteen bits of grey
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in (*SRGB_MODES, "RGBA") else image.convert("RGB")


def _on_white(image: Any) -> Any:
    from PIL import Image

    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Browsers and mail programs take a picture without a profile for sRGB; so the pixels are."""
    from PIL import ImageCms

    if profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that does not fit its picture is passed over
            pass
    image = image if image.mode == "RGB" else image.convert("RGB")
    image.info.clear()
    return image


def main() -> None:
    asked = json.loads(sys.argv[1])
    limit(**asked.pop("limits"))
    warnings.simplefilter("ignore")
    files: list[bytes] = []
    data = sys.stdin.buffer.read()
    try:
        drawn = redraw(data, **asked)
        told: dict[str, Any] = {"sizes": [[width, height, len(data)] for width, height, data in drawn]}
        files = [data for _, _, data in drawn]
    except Refused as refused:
        told = {"refusal": str(refused)}
    except MemoryError:
        told = {"refusal": "it needs more memory than a picture may"}
    except Exception as error:  # noqa: BLE001 (whatever the decoder says is the answer)
        told = {"refusal": f"it cannot be decoded: {type(error).__name__}: {error}"[:300]}
    if "refusal" in told and is_short(data):
        told = {"refusal": "the end of it is missing", "passing": True}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(files))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
