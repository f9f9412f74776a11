"""Header lines. In: a name and a value. Out: the bytes of one header field, folded. Refuses to know what it is for.

Ours, because the standard library folds a long List-Unsubscribe into encoded words, which no receiver undoes, and
because on some Python versions a title made of encoded words came out as a header of its own. The rules here are
short: text is either plain and folded at its single spaces, or wholly encoded words (RFC 2047); everything else is
ASCII and travels as it is.
"""

import base64
import re
import string
from functools import lru_cache

from syndication.errors import SendError

LINE_MAX = 76
"""Characters in a line of text, and in a line that holds an encoded word (RFC 2047, section 2)."""
OCTETS_MAX = 998
"""RFC 5322, section 2.1.1."""

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NAME = re.compile(r"[!-9;-~]+")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTABLE = re.compile(r"[ -~]+")
# Within a phrase fewer characters may stand for themselves (RFC 2047, section 5); the shorter list serves everywhere.
_Q_SAFE = frozenset(string.ascii_letters + string.digits + "!*+-/")
_Q = [chr(octet) if chr(octet) in _Q_SAFE else f"={octet:02X}" for octet in range(256)]
_Q[ord(" ")] = "_"
_WORD_MAX = 75
_FRAME = len("=?utf-8?q?") + len("?=")


def one_line(text: str) -> str:
    """Text without line breaks and control characters, trimmed; a lone surrogate becomes a question mark."""
    return _BREAKS.sub(" ", text).encode("utf-8", "replace").decode("utf-8").strip()


@lru_cache(maxsize=64)  # one edition's subject and sender go out many times over
def unstructured(name: str, text: str) -> bytes:
    """A field of free text, such as Subject."""
    return _field(name, _text_parts(one_line(text), room=LINE_MAX - len(name) - 2))


@lru_cache(maxsize=64)
def mailbox(name: str, display: str, address: str) -> bytes:
    """A field with one mailbox. `address` is ASCII; an empty `display` leaves the bare address."""
    phrase = one_line(display)
    if not phrase:
        return _field(name, [address])
    return _field(name, [*_phrase_parts(phrase, room=LINE_MAX - len(name) - 2), f"<{address}>"])


def verbatim(name: str, value: str) -> bytes:
    """A field whose value has a grammar of its own: ASCII as it stands, never an encoded word.

    A list of addresses in angle brackets is folded after its commas and nowhere else (RFC 2369, section 2).
    Raises SendError for what cannot be written so.
    """
    line = one_line(value)
    if not line or not line.isascii():
        raise SendError(
            f"the header {name} cannot be written",
            why="it is empty" if not line else "it holds more than ASCII, and this header has no encoding for that",
            fix="correct the setting that it is made from",
        )
    return _field(name, re.split(r"(?<=>,) +(?=<)", line))


def _field(name: str, parts: list[str]) -> bytes:
    """Join parts with single spaces, breaking the line before a part that would make it too long."""
    if not _NAME.fullmatch(name):
        raise SendError(f"{name!r} is no name of a header")
    lines = [f"{name}: {parts[0]}" if parts else f"{name}:"]
    for part in parts[1:]:
        if len(lines[-1]) + 1 + len(part) > LINE_MAX:
            lines.append(f" {part}")
        else:
            lines[-1] += f" {part}"
    if any(len(line) > OCTETS_MAX for line in lines):
        raise SendError(f"the header {name} cannot be written", why=f"a line of it is over {OCTETS_MAX} octets")
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _text_parts(text: str, room: int) -> list[str]:
    if not text:
        return []
    words = text.split(" ")
    plain = _PLAIN.fullmatch(text) and "=?" not in text and max(map(len, words)) < LINE_MAX
    return words if plain and len(words[0]) <= room else _encoded_words(text, room)


def _phrase_parts(phrase: str, room: int) -> list[str]:
    if "=?" not in phrase and len(phrase) <= room:
        if _ATOMS.fullmatch(phrase):
            return [phrase]
        if _QUOTABLE.fullmatch(phrase):
            return ['"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return _encoded_words(phrase, room)


def _encoded_words(text: str, room: int) -> list[str]:
    """Words that decode to `text` when put together; no character is cut. `room` is what the first line has left."""
    octets = text.encode()
    write = _q_word if len(_q_word(octets)) - _FRAME <= len(octets) * 4 / 3 else _b_word
    words: list[str] = []
    piece, limit = b"", min(_WORD_MAX, room)
    for character in text:
        longer = piece + character.encode()
        if piece and len(write(longer)) > limit:
            words.append(write(piece))
            piece, limit = character.encode(), _WORD_MAX
        else:
            piece = longer
    return [*words, write(piece)]


def _q_word(octets: bytes) -> str:
    return f"=?utf-8?q?{''.join(map(_Q.__getitem__, octets))}?="


def _b_word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="
