"""The dialect that `writer` writes: which elements, where they stand, which attributes. No other ever leaves."""

import re

LEAVES = {"p": "p", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "pre": "pre"}
"""Blocks that hold only inline text. The page's own title is its h1, so a partner's becomes h2."""

PARENTS = {
    "blockquote": None,
    "ul": None,
    "ol": None,
    "dl": None,
    "table": None,
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "caption": ("table",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "tr": ("thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
}
"""Blocks that hold others, and in which ones they stand; None: wherever text may."""

HOLDS_ONLY = {"ul": "li", "ol": "li", "dl": "dd", "table": "", "thead": "", "tbody": "", "tfoot": "", "tr": ""}
"""Blocks in which no text stands; the block that takes it up instead, "" when there is none."""

_AS_THEY_ARE = "a b strong i em u s del ins sub sup small code kbd samp var q cite abbr mark bdi ruby rt rp span"
INLINE = {name: name for name in _AS_THEY_ARE.split()} | {"strike": "s", "acronym": "abbr", "tt": "code"}

NO_BOUNDARY = frozenset({*INLINE, "big", "font", "nobr", "time"})
DEPTH_MAX = 12
INLINE_MAX = 6
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


def common(attributes: dict[str, str]) -> str:
    wanted = ""
    if _LANGUAGE.fullmatch(attributes.get("lang", "")):
        wanted += f' lang="{attributes["lang"]}"'
    if attributes.get("dir", "").lower() in ("ltr", "rtl", "auto"):
        wanted += f' dir="{attributes["dir"].lower()}"'
    return wanted


def numbers(name: str, attributes: dict[str, str]) -> str:
    allowed = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}.get(name, ())
    wanted = ""
    for key in allowed:
        value = attributes.get(key, "").strip()
        if re.fullmatch(r"[1-9]\d{0,2}", value) and value != "1":
            wanted += f' {key}="{value}"'
    return wanted
