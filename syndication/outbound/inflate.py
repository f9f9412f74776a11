"""A body's content coding undone, within a limit. In: chunks as they come off the wire. Out: the body, or a BadBody
that says why.

gzip (with further members), deflate (zlib or raw), br and zstd, one coding at most (RFC 9110, section 8.4). Output is
made a block at a time and counted before it is kept, so memory stays below the limit plus one block whatever the
sender claims.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO

import brotli
import zstandard

from syndication.model.exchange import FailureKind

BLOCK_BYTES = 64 * 1024
GZIP_MEMBERS_MAX = 1_024
ZSTD_WINDOW_BYTES_MAX = 8 * 1024 * 1024  # RFC 9659: what a content coding may ask of a receiver
# zstd's binding has no bound on one call's output. A block of 128 KiB costs at least 4 bytes, so a slice of 16 makes
# four of them at most.
ZSTD_SLICE_BYTES = 16

ACCEPT_ENCODING = "gzip, deflate, br, zstd"


class BadBody(ValueError):
    """The body cannot be had: too large, or not what its headers say."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Body:
    """Collects one body. `codings` is the value of Content-Encoding, all lines of it joined by commas."""

    def __init__(self, codings: str, bytes_max: int) -> None:
        self._coding = _coding(codings)
        self._decoder = _DECODERS[self._coding]()
        self._kept = BytesIO()
        self._bytes_max = bytes_max
        self._begun = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes off the wire. Raises BadBody."""
        self._begun = True
        try:
            for block in self._decoder.inflate(chunk):
                self._keep(block)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BadBody(FailureKind.GARBLED, f"the body is not {self._coding}: {error}") from error

    def finish(self) -> bytes:
        """The whole body. Raises BadBody when the coding was cut short. A body of no bytes is whole in every coding."""
        if self._begun and not self._decoder.ended():
            raise BadBody(FailureKind.GARBLED, f"the {self._coding} body is cut short")
        return self._kept.getvalue()

    def _keep(self, block: bytes) -> None:
        if self._kept.tell() + len(block) > self._bytes_max:
            raise BadBody(FailureKind.TOO_LARGE, f"the body inflates to more than {self._bytes_max} bytes")
        self._kept.write(block)


def _coding(codings: str) -> str:
    named = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if len(named) > 1:
        raise BadBody(FailureKind.GARBLED, f"the body is coded more than once: {', '.join(named[:5])}")
    coding = named[0].removeprefix("x-") if named else "identity"
    if coding not in _DECODERS:
        raise BadBody(FailureKind.GARBLED, f"the body has the unknown coding {coding[:40]!r}")
    return coding


class _Identity:
    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def ended(self) -> bool:
        return True


class _Gzip:
    def __init__(self) -> None:
        self._members = 0
        self._head = b""
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._member.eof:
                chunk = self._next_member(chunk)
                continue
            yield self._member.decompress(chunk, BLOCK_BYTES)
            chunk = self._member.unconsumed_tail or self._member.unused_data

    def _next_member(self, chunk: bytes) -> bytes:
        """Begin another member (RFC 1952, section 2.2) if `chunk` opens one. Padding after the last is passed over."""
        chunk = (self._head + chunk).lstrip(b"\0") if not self._head else self._head + chunk
        self._head = b""
        if len(chunk) < 2 and b"\x1f".startswith(chunk):
            self._head = chunk
            return b""
        if not chunk.startswith(b"\x1f\x8b"):
            return b""
        self._members += 1
        if self._members >= GZIP_MEMBERS_MAX:
            raise BadBody(FailureKind.GARBLED, f"the gzip body has more than {GZIP_MEMBERS_MAX} members")
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return chunk

    def ended(self) -> bool:
        return self._member.eof


class _Deflate:
    """ "deflate" is zlib by the book and raw with some senders; the two-byte header tells (RFC 1950, section 2.2)."""

    def __init__(self) -> None:
        self._head = b""
        self._stream: zlib._Decompress | None = None

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        if self._stream is None:
            chunk = self._head + chunk
            if len(chunk) < 2:
                self._head = chunk
                return
            is_zlib = chunk[0] & 0x0F == 8 and int.from_bytes(chunk[:2]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        while chunk and not self._stream.eof:
            yield self._stream.decompress(chunk, BLOCK_BYTES)
            chunk = self._stream.unconsumed_tail

    def ended(self) -> bool:
        return self._stream is not None and self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        # Output can be waiting when all input is taken, so it is asked for until none comes.
        while not self._stream.is_finished():
            block = self._stream.process(chunk, output_buffer_limit=BLOCK_BYTES)
            if not block:
                return
            yield block
            chunk = b""

    def ended(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._window = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES_MAX)
        self._frame = self._window.decompressobj()

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), ZSTD_SLICE_BYTES):
            piece = chunk[start : start + ZSTD_SLICE_BYTES]
            while piece:
                if self._frame.eof:
                    self._frame = self._window.decompressobj()
                yield self._frame.decompress(piece)
                piece = self._frame.unused_data

    def ended(self) -> bool:
        return self._frame.eof


_DECODERS: dict[str, type[_Identity] | type[_Gzip] | type[_Deflate] | type[_Brotli] | type[_Zstd]] = {
    "identity": _Identity,
    "gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
