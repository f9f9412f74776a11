"""A picture is made anew in a child: small, upright, without its past; what harms the decoder harms the child alone."""

import io
import os
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from syndication.imaging import redraw as redrawing
from syndication.imaging.redraw import Limits, redraw
from tests.imaging.pictures import a_picture, halves, written

TINY = Limits(seconds=10)


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("format", "mode", "size", "widths"),
    [
        ("JPEG", "RGB", (1600, 1000), [640, 1280]),
        ("JPEG", "CMYK", (700, 500), [640, 700]),
        ("JPEG", "L", (640, 480), [640]),
        ("PNG", "RGBA", (300, 200), [300]),
        ("PNG", "LA", (300, 200), [300]),
        ("PNG", "P", (300, 200), [300]),
        ("PNG", "1", (300, 200), [300]),
        ("PNG", "I;16", (300, 200), [300]),
        ("WEBP", "RGB", (900, 700), [640, 900]),
        ("GIF", "P", (300, 200), [300]),
        ("AVIF", "RGB", (300, 200), [300]),
    ],
)
def test_each_format_becomes_jpegs_of_640_and_1280_and_never_larger_than_it_came(format, mode, size, widths):
    drawn = redraw(a_picture(size, format, mode))
    assert drawn.refusal == ""
    assert [told.width for told, _ in drawn.files] == widths
    for told, data in drawn.files:
        image = opened(data)
        assert (image.format, image.mode, image.size, len(data)) == (
            "JPEG",
            "RGB",
            (told.width, told.height),
            told.bytes,
        )
        assert image.info.get("progressive")
        assert abs(told.width / told.height - size[0] / size[1]) < 0.02


def test_nothing_of_its_past_comes_along():
    exif = Image.Exif()
    exif[0x010F], exif[0x8298] = "Secret Camera", "Secret Owner"
    data = a_picture((800, 600), "JPEG", exif=exif, comment=b"Secret comment")
    for _, file in redraw(data).files:
        assert b"Secret" not in file
        assert not {"exif", "icc_profile", "comment", "photoshop"} & set(opened(file).info)


def test_a_picture_is_upright_as_its_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    ((size, data),) = redraw(halves((400, 300), "JPEG", exif=exif)).files
    assert (size.width, size.height) == (300, 400)
    assert opened(data).getpixel((150, 20))[0] > 200  # what was at the left is at the top
    assert opened(data).getpixel((150, 380))[2] > 200


def test_what_is_transparent_becomes_white_and_a_film_its_first_frame():
    ((_, data),) = redraw(a_picture((300, 200), "PNG", "RGBA", colour=(0, 0, 0, 0))).files
    assert min(opened(data).getpixel((150, 100))) > 250
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    ((_, data),) = redraw(out.getvalue()).files
    assert opened(data).getpixel((150, 100))[0] > 200
    assert getattr(opened(data), "n_frames", 1) == 1


def test_colours_of_another_profile_are_turned_into_what_all_show():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()  # fits no RGB picture: passed over
    assert redraw(a_picture((300, 200), "PNG", icc_profile=profile)).files
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ((_, data),) = redraw(a_picture((300, 200), "PNG", icc_profile=srgb, colour=(200, 40, 40))).files
    assert all(abs(a - b) < 8 for a, b in zip(opened(data).getpixel((150, 100)), (200, 40, 40), strict=True))


def test_the_same_picture_gives_the_same_bytes():
    data = a_picture((900, 600), "JPEG")
    assert redraw(data) == redraw(data)


def bomb() -> bytes:
    """A PNG of a few kilobytes that claims 900 megapixels, and holds them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (30_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html>no picture</html>", "none of"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (b"\xef\xbb\xbf\n<svg onload=alert(1)>", "SVG"),
        (b"GIF89a<svg onload=alert(1)>;", "none of"),
        (b"%PDF-1.7 x", "none of"),
        (bomb(), "pixels"),
        (a_picture((1, 1), "GIF", "P"), "1 x 1"),
        (a_picture((1000, 20), "PNG"), "1000 x 20"),
        (a_picture((200, 900), "PNG"), "4 times as tall"),
        (a_picture((600, 400), "JPEG")[:300] + b"\xff\xd9", "decoded"),
        (a_picture((600, 400), "BMP"), "none of"),
        (a_picture((600, 400), "TIFF"), "none of"),
    ],
)  # fmt: skip
def test_con_08_what_is_no_picture_of_ours_is_refused_by_its_content(data, words):
    drawn = redraw(data)
    assert (drawn.files, drawn.passing) == ((), False)
    assert words in drawn.refusal


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_came_short_is_worth_another_try(format):
    data = written(Image.effect_noise((600, 400), 90).convert("RGB"), format)
    for short in (b"", data[:40], data[: len(data) // 2], data[:-20]):
        drawn = redraw(short)
        assert drawn.files or drawn.passing, drawn.refusal
    assert redraw(data).files


def test_letters_of_an_svg_in_a_comment_are_no_svg():
    data = a_picture((300, 200), "JPEG", comment=b'<svg xmlns="http://www.w3.org/2000/svg">')
    ((_, file),) = redraw(data).files
    assert b"svg" not in file


def test_a_picture_as_tall_as_a_telephone_is_one():
    assert redraw(a_picture((400, 1600), "PNG")).files


def test_con_08_too_many_bytes_or_pixels_are_refused():
    data = a_picture((600, 400), "PNG")
    assert "bytes" in redraw(data, Limits(bytes_max=len(data) - 1)).refusal
    assert "pixels" in redraw(data, Limits(pixels_max=600 * 400 - 1)).refusal
    assert redraw(data, Limits(bytes_max=len(data), pixels_max=600 * 400)).files


def test_a_child_that_takes_too_much_memory_says_so_and_one_that_takes_too_long_is_killed():
    large = a_picture((5000, 5000), "PNG")
    assert "memory" in redraw(large, Limits(memory_bytes=160 * 1024 * 1024)).refusal
    assert "longer" in redraw(large, Limits(seconds=0.01)).refusal
    assert redraw(a_picture((300, 200), "PNG")).files  # and the parent goes on


@pytest.mark.parametrize(
    ("program", "words", "passing"),
    [
        ("while True: pass", "processor", False),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "-9", True),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "-11", False),
        ("raise SystemExit(3)", "status 3", False),
        ("print('no json')", "no sense", False),
        ("print('[]')", "no sense", False),
        ("""print('{"sizes": [[640, 400, 5]]}'); print('text')""", "no sense", False),
        ("""print('{"sizes": [[9000, 400, 5]]}'); print('text')""", "no sense", False),
        ("""print('{"sizes": []}')""", "no picture", False),
        ("import sys; sys.stdout.write('x' * 10_000_000)", "", False),
    ],
)
def test_kil_03_whatever_becomes_of_the_child_is_an_answer(program, words, passing, tmp_path, monkeypatch):
    child, limits = tmp_path / "child.py", "limit(**json.loads(sys.argv[1])['limits'])\n"
    child.write_text(redrawing.CHILD.read_text().partition("if __name__")[0] + limits + program)
    monkeypatch.setattr(redrawing, "CHILD", child)
    drawn = redraw(b"", Limits(cpu_seconds=1, seconds=20))
    assert drawn.files == ()
    assert words in drawn.refusal
    assert drawn.passing is passing


def test_the_child_inherits_neither_environment_nor_open_files(tmp_path, monkeypatch):
    told = tmp_path / "told"
    child = tmp_path / "child.py"
    child.write_text(
        f"import os; open({str(told)!r}, 'w').write(repr((sorted(os.environ), os.listdir('/proc/self/fd'))))"
    )
    monkeypatch.setattr(redrawing, "CHILD", child)
    monkeypatch.setenv("SYNDICATION_SECRET_KEY", "a secret")
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        redraw(b"x")
    finally:
        os.close(handle)
    environment, files = eval(told.read_text())
    assert "SYNDICATION_SECRET_KEY" not in environment
    assert len(files) <= 5


@settings(max_examples=12, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.integers(0, 400))
def test_any_bytes_and_any_damage_are_an_answer(noise, format, at):
    data = a_picture((120, 90), format)
    drawn = redraw(data[:at] + noise + data[at + len(noise) :])
    assert bool(drawn.files) is not bool(drawn.refusal)
    for size, file in drawn.files:
        assert opened(file).size == (size.width, size.height)
