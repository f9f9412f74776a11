"""Bytes in some charset -> the same text in UTF-8. In: bytes, the Content-Type header. Out: UTF-8, and whether by rule.

The order of belief: a byte order mark; bytes that are valid UTF-8, whatever anyone says; the header (RFC 7303); the XML
declaration. What none of them explains is read as UTF-8, each wrong byte taken for windows-1252, the commonest slip.
UTF-7 is refused: it hides markup from everyone who looks before it is decoded.
"""

import codecs
import re
from dataclasses import dataclass

from syndication.errors import ParseError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAKED = (
    (b"<\0\0\0", "utf-32-le"),  # before UTF-16, as above
    (b"\0\0\0<", "utf-32-be"),
    (b"{\0\0\0", "utf-32-le"),
    (b"\0\0\0{", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"
"""`<?xm` as mainframes write it (XML 1.0, appendix F); any of their charsets reads the declaration that names which."""
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{1,40})[\"'][^>]{0,200}?\?>")

_MAINFRAME_NAME = re.compile(r"encoding\s*=\s*.([A-Za-z][A-Za-z0-9._-]{1,39})")  # they do not agree on the quotes

# The text charsets that pages are written in (encoding.spec.whatwg.org); never Python's other codecs.
_KNOWN = re.compile(
    r"utf-8|utf-(?:16|32)(?:-[lb]e)?|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rut]|ptcp154|kz1048|hp-roman8|mac-\w+|tis-620|ascii|"
    r"shift_jis\w{0,5}|euc_jp|euc_jis\w{0,5}|iso2022_(?:jp\w{0,5}|kr)|euc_kr|johab|gb2312|gbk|gb18030|hz|big5|big5hkscs"
)
_SEVEN_BITS = re.compile(r"iso2022_\w+|hz")
# The narrow name is often given to text that uses the wide one.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030"}
# Labels that programs write and Python does not know.
_LABELS = {"mac": "mac-roman", "macintosh": "mac-roman", "csmacintosh": "mac-roman", "x-mac-roman": "mac-roman"}
_LABELS |= {"x-mac-cyrillic": "mac-cyrillic", "ms-cyrl": "cp1251", "win-1251": "cp1251", "x-cp1251": "cp1251"}
_LABELS |= {"x-cp1250": "cp1250", "x-cp1252": "cp1252", "x-ansi": "cp1252", "ansi": "cp1252", "x-sjis": "cp932"}
_LABELS |= {"x-gbk": "gb18030", "x-x-big5": "big5hkscs", "ks_c_5601-1989": "cp949", "x-euc-jp": "euc_jp"}
_LABELS |= {"dos-874": "cp874", "unicode": "utf-16-le", "koi": "koi8-r", "koi8": "koi8-r", "utf8mb4": "utf-8"}
_WIDER |= {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874", "big5": "big5hkscs"}


WRONG_BYTES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """A document in UTF-8, without a byte order mark. `exact`: a rule said so; False: bytes had to be mended."""

    utf8: bytes
    exact: bool = True


def to_utf8(data: bytes, content_type: str | None = None) -> Text:
    """Raises ParseError for a charset that is refused or unknown in bytes that are not UTF-8 either."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _transcode(data[len(mark) :], name)
    claims = [claim for claim in (_of_header(content_type), _of_declaration(data)) if claim]
    if any(re.fullmatch(r"(?:x-)?(?:unicode-1-1-)?utf-?_?7.*", claim, re.IGNORECASE) for claim in claims):
        raise ParseError("the document is in UTF-7", why="that charset hides markup and is refused")
    for start, name in _NAKED:
        if data.startswith(start):
            return _transcode(data, name)
    if data.startswith(_EBCDIC):
        return _of_a_mainframe(data)
    names = [name for name in map(_codec, claims) if name]
    shifted = [name for name in names if _SEVEN_BITS.fullmatch(name)]
    if shifted and (b"~{" if shifted[0] == "hz" else b"\x1b") in data:  # seven bits wide, so it would pass for UTF-8
        names = shifted
    elif _is_utf8(data):
        return Text(data)
    return _first_that_fits(data, names)


def _of_a_mainframe(data: bytes) -> Text:
    claim = _MAINFRAME_NAME.search(data[:512].decode("cp037"))
    return _transcode(data, (claim and _codec(claim[1])) or "cp037")


def _first_that_fits(data: bytes, names: list[str]) -> Text:
    for name in names:
        # A document known not to be UTF-8 is not UTF-16 either: nothing at its start says so.
        if name.startswith("utf"):
            continue
        try:
            return Text(data.decode(name).encode())
        except UnicodeError:
            continue
    return _mend(data)


def _mend(data: bytes) -> Text:
    """Wrong bytes among UTF-8, each as windows-1252; all of it when so many are wrong that it cannot be UTF-8."""
    wrong = len(data) - len(data.decode(errors="ignore").encode())
    if wrong > WRONG_BYTES_MAX:
        return Text(data.decode("cp1252", errors="replace").encode(), exact=False)
    return Text(data.decode(errors="windows-1252").encode(), exact=False)


def _transcode(data: bytes, name: str) -> Text:
    try:
        if name == "utf-8":
            return Text(data) if _is_utf8(data) else _mend(data)
        return Text(data.decode(name).encode())
    except UnicodeError:
        return Text(data.decode(name, errors="ignore").encode("utf-8", errors="ignore"), exact=False)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _of_header(content_type: str | None) -> str | None:
    found = _HEADER.search(content_type) if content_type else None
    return found[1] if found else None


def _of_declaration(data: bytes) -> str | None:
    found = _DECLARATION.match(data[:512])
    return found[1].decode("ascii", errors="ignore") if found else None


def _codec(claim: str) -> str | None:
    try:
        name = codecs.lookup(_LABELS.get(claim.lower(), claim)).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if _KNOWN.fullmatch(name) else None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error("windows-1252", _as_windows_1252)
