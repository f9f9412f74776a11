"""Log lines. In: records of the stdlib's logging. Out: one line for each, on stderr and, when asked, in a file.

    2026-05-07T06:30:00.123Z INFO back jobs.collect collected source=harbour-daily new=3 ms=412

Whoever logs says what came of it and gives the rest as keys, `log.info("collected", extra={"source": slug})`, and needs
nothing from here. A line never holds a line break or a control character, an address, a token or a key (STO-07): what
a partner or a provider wrote is escaped and masked like all the rest. A line that cannot be written is dropped and
counted; the service goes on (DSK-02). The file may be moved away at any time: the next line begins a new one.
"""

import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

LINE_MAX = 4_000
"""Characters of a line. What is longer is cut, and says so."""

FRAMES_MAX = 6
"""Places named for an exception, innermost first."""

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_PART = r"[^\s<>\"'(),:;=\[\]@]"  # what an address may hold on either side of its @
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=://)[^\s/@]+@"), "[credentials]@"),
    (re.compile(rf"(?:\"[^\"@]*\"|(?<!{_PART}){_PART}+)@{_PART}*(?<!\.)"), "[address]"),
    (re.compile(rf"(?<![\w.+-])[\w.+-]+%40{_PART}+", re.IGNORECASE), "[address]"),
    (re.compile(r"\bSG\.[\w-]{8,}\.[\w-]{8,}"), "[key]"),
    (re.compile(r"\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{6,}", re.IGNORECASE), r"\1 [key]"),
    (re.compile(r"(/(?:confirm|unsubscribe|preferences)/)[^\s/?#\"'<>]+"), r"\1[token]"),
    (
        re.compile(
            r"((?:token|secret|password|passwd|passphrase|authorization|cookie|signature|(?:api|access|private)[_-]?key)"
            r"\\?[\"']?\s*[=:]\s*\\?[\"']?)(?!\[)(?!(?:Bearer|Basic|Digest)\b)[^\s\"'&,;]+",
            re.IGNORECASE,
        ),
        r"\1[masked]",
    ),
    # Long and of all three kinds of character: a token of ours or of somebody else, in whatever place it stands.
    (re.compile(r"(?<![\w.-])(?=[\w.-]*[a-z])(?=[\w.-]*[A-Z])(?=[\w.-]*\d)\w[\w.-]{31,}(?<!\.)"), "[token]"),
)


def set_up(
    *,
    part: str = "",
    level: int = logging.INFO,
    file: Path | None = None,
    stderr: bool = True,
    secrets: Iterable[str] = (),
) -> None:
    """Send the log of this process to stderr, to `file`, or both, in place of what was set up before.

    `part` names the process in each line. `secrets` are masked wherever they occur. Libraries speak from WARNING up.
    """
    formatter = Line(part=part, secrets=secrets)
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _Lines)]:
        root.removeHandler(old)
        old.close()
    for handler in (_Stderr() if stderr else None, _File(file) if file else None):
        if handler is not None:
            handler.setFormatter(formatter)
            root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("syndication").setLevel(level)
    # It speaks of every page that gave it nothing, which is no news.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


class Line(logging.Formatter):
    """A record as one line."""

    def __init__(self, *, part: str = "", secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._part = part
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 4), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        words = [f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z", record.levelname]
        words += [word for word in (self._part, record.name.removeprefix("syndication.")) if word]
        words.append(self._safe(_message(record)))
        words += [f"{key}={self._value(value)}" for key, value in vars(record).items() if key not in _ORDINARY]
        if record.exc_info and record.exc_info[1] is not None:
            words += self._error(record.exc_info[1])
        line = mask(" ".join(words))
        return line if len(line) <= LINE_MAX else f"{line[:LINE_MAX]}… ({len(line) - LINE_MAX} more)"

    def _value(self, value: object) -> str:
        text = self._safe(str(value))
        if text and not re.search(r"[\s\"=]", text):
            return text
        return '"' + text.replace('"', '\\"') + '"'

    def _error(self, error: BaseException) -> list[str]:
        chain, frames = [error], []
        while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
            chain.append(cause)
        for frame in reversed(extract_tb(chain[-1].__traceback__)):
            frames.append(f"{Path(frame.filename).name}:{frame.lineno}")
        said = " < ".join(f"{type(one).__name__}: {one}" for one in chain)
        return [f"error={self._value(said)}", f"at={self._value(','.join(frames[:FRAMES_MAX]))}"]

    def _safe(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return escape(text)


def mask(text: str) -> str:
    """`text` without addresses, credentials, tokens and keys: each is replaced by its kind, in brackets."""
    for pattern, kind in _MASKS:
        text = pattern.sub(kind, text)
    return text


def escape(text: str) -> str:
    r"""`text` on one line: control, invisible and direction-changing characters are written out, as `\n` and `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    # Cc control, Cf invisible and bidirectional, Zl and Zp Unicode's own line breaks, Cs, Co, Cn no characters at all.
    if character == " " or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"):
        return character
    return character.encode("unicode_escape").decode("ascii")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a slip in a format string must not cost the line
        return f"{record.msg} {record.args!r}"


class _Lines(logging.Handler):
    """Writes whole lines and never raises for a medium that takes none. `lost` counts since the last that was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0
        self._torn = False  # the last line came out in part: the next begins a line of its own

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
            if self.lost:
                line = f"{line} lost_lines={self.lost}"
            self.put(line + "\n")
            self.lost = 0
        except (OSError, ValueError, RecursionError):
            self.lost += 1

    def put(self, line: str) -> None:
        raise NotImplementedError

    def write(self, fd: int, line: str) -> None:
        """One write a line, so that lines of several processes do not mix."""
        data = ("\n" * self._torn + line).encode("utf-8", "backslashreplace")
        written = os.write(fd, data)
        self._torn = written < len(data)
        if self._torn:
            raise OSError(f"only {written} of {len(data)} bytes were taken")


class _Stderr(_Lines):
    def put(self, line: str) -> None:
        try:
            fd = sys.stderr.fileno()
        except (AttributeError, OSError):  # not a file: a test's, or nothing at all
            sys.stderr.write(line)
            return
        sys.stderr.flush()
        self.write(fd, line)  # past its buffer, which would keep what a full disk refused and fail again at the exit


class _File(_Lines):
    """Appends, so that several processes may share a file. Opened at the first line, mode 0600."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._fd: int | None = None

    def put(self, line: str) -> None:
        self.write(self._open(), line)

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
        super().close()

    def _open(self) -> int:
        if self._fd is not None and self._moved(self._fd):
            os.close(self._fd)
            self._fd = None
        if self._fd is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd

    def _moved(self, fd: int) -> bool:
        try:
            there, here = self._path.stat(), os.fstat(fd)
        except FileNotFoundError:
            return True
        return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)
