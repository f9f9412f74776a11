"""One set of characters for every text. In: any str. Out: NFC text that XML, mail and a database can carry.

Taken out: what XML forbids, overrides of direction, zero-width characters where no script needs them, stacks of
combining marks. Never raises; cleaning twice is cleaning once.
"""

import re
import unicodedata

MARKS_MAX = 4
"""Combining marks kept on one letter: more than any living script stacks, fewer than it takes to cover a line."""

# Latin letters, the usual punctuation, and spaces: none of it is ever changed, however it is put together.
_PLAIN = re.compile("[\t\n -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122]*+")
_ILLEGAL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_UNTIDY_SPACE = re.compile(r"[\t\n][ \t\n\xa0]*|[ \xa0][ \t\n\xa0]+")
_BREAKS = re.compile("\r\n?")
_SPACES = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# Directional embeddings, overrides and isolates; soft hyphen, zero-width space, word joiner and their invisible kin.
_INVISIBLE = re.compile(
    "[\u202a-\u202e\u2066-\u206f\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u3164\ufeff\uffa0]"
)
# Tag letters spell a flag after a black flag; anywhere else they hide text.
_TAG_LETTERS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
_JOINERS = re.compile("[\u200c\u200d]+")
_PLAIN_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT", "FULLWIDTH", "COMBINING")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    f"\u20d0-\u20ff\ufe20-\ufe2f]{{{MARKS_MAX + 1},}}"
)
_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_HOST_LIKE = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.\w{2,24}(?!\w)")


def clean_text(text: str) -> str:
    """The same words in safe characters. White space stays, save that line and page breaks become plain ones."""
    if is_plain(text):
        return text
    text = _SPACES.sub(" ", _BREAKS.sub("\n", _ILLEGAL.sub("", text)))
    text = _TAG_LETTERS.sub(lambda found: found[1] or "", _INVISIBLE.sub("", text))
    # Composed first, so that what a joiner stands beside is the same letter the next time.
    text = _JOINERS.sub(_needed_joiner, unicodedata.normalize("NFC", text))
    return _MARKS.sub(lambda found: found[0][:MARKS_MAX], unicodedata.normalize("NFC", text))


def is_plain(text: str) -> bool:
    """Whether `text` is surely what `clean_text` would make of it, and no word of it mixes alphabets."""
    return _PLAIN.fullmatch(text) is not None


def one_space(text: str) -> str:
    """White space drawn together to one character: a plain space, or one that does not break where only such stood."""
    if "  " in text or "\n" in text or "\xa0" in text or "\t" in text:
        return _UNTIDY_SPACE.sub(lambda found: " " if set(found[0]) - {"\xa0"} else "\xa0", text)
    return text


def one_line(text: str, chars_max: int = 300) -> str:
    """Clean text on one line, at most `chars_max` characters; a longer one is cut between words and ends in "…"."""
    if len(text) <= chars_max and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    line = " ".join(clean_text(text[: 40 * chars_max]).split())
    if len(line) <= chars_max:
        return line
    head = line[: chars_max - 1]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) > chars_max // 2 else head).rstrip(" ,;:-–—") + "…"


def mixes_scripts(text: str) -> bool:
    """Whether one word of `text` is written in two alphabets that have letters in common, as a forger would."""
    return not text.isascii() and any(len(_alphabets(word)) > 1 for word in _WORD.findall(text) if not word.isascii())


def ascii_hosts(text: str) -> str:
    """`text` with each host name that mixes alphabets in its ASCII form, so that a reader sees what it is."""
    if text.isascii():
        return text
    return _HOST_LIKE.sub(lambda found: _ascii_host(found[0]), text)


def _ascii_host(name: str) -> str:
    if len(_alphabets(name)) < 2:
        return name
    labels = name.lower().split(".")
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in labels)


def _alphabets(text: str) -> set[str]:
    return {unicodedata.name(letter, "?").partition(" ")[0] for letter in text} & _LOOK_ALIKES


def _needed_joiner(found: re.Match[str]) -> str:
    """Joiners shape Indic and Persian letters and bind emoji; between plain letters they only hide."""
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    if not before or not after or before.isspace() or after.isspace():
        return ""
    plain = unicodedata.name(before, "DIGIT").startswith(_PLAIN_SCRIPTS) or before.isascii()
    return "" if plain else found[0][0]
