"""The style sheet and the mark. In: template directories. Out: bytes under addresses that change with them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from starlette.types import Scope

from syndication.errors import RenderError
from syndication.web import policy
from syndication.web.recall import Answer, answer

FILES = {"style": ("site.css", "text/css; charset=utf-8"), "mark": ("mark.svg", "image/svg+xml")}
YEAR_SECONDS = 31_536_000


class Assets:
    """What pages link to, held in memory. Since the address names the bytes, a browser asks once a year."""

    def __init__(self, directories: Sequence[Path], *, extra: policy.Headers = ()) -> None:
        self._answers: dict[str, tuple[bytes, policy.Headers]] = {}
        self._paths: dict[str, str] = {}
        for name, (file, media_type) in FILES.items():
            data = _read(directories, file)
            stem, _, ending = file.rpartition(".")
            path = f"/assets/{stem}-{hashlib.blake2b(data, digest_size=6).hexdigest()}.{ending}"
            self._paths[name] = path
            self._answers[path] = (data, _headers(data, media_type, extra))

    def path(self, name: str) -> str:
        """The address of "style" or "mark"."""
        return self._paths[name]

    def answer(self, scope: Scope) -> Answer | None:
        found = self._answers.get(scope["path"])
        if found is None or scope["method"] not in ("GET", "HEAD"):
            return None
        data, headers = found
        return answer(200, headers, b"" if scope["method"] == "HEAD" else data)


def _read(directories: Sequence[Path], file: str) -> bytes:
    for directory in directories:
        path = directory / "pages" / file
        if path.is_file():
            return path.read_bytes()
    raise RenderError(f"there is no pages/{file} among the templates")


def _headers(data: bytes, media_type: str, extra: policy.Headers) -> policy.Headers:
    return (
        (b"content-type", media_type.encode()),
        (b"content-length", b"%d" % len(data)),
        (b"cache-control", b"public, max-age=%d, immutable" % YEAR_SECONDS),
        *policy.PAGE,
        *extra,
    )
