"""FeedDocument -> the same, prepared once in every coding that clients ask for. The same bytes each time. Pure.

A coding that makes a document no shorter is left out: such a document is sent as it is.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace

import brotli
import zstandard

from syndication.model.feed import Coding, FeedDocument

# What each adds in time beyond these levels is more than it saves on the wire: documents change every few minutes.
PACK: Mapping[Coding, Callable[[bytes], bytes]] = {
    Coding.BR: lambda data: brotli.compress(data, mode=brotli.MODE_TEXT, quality=5),
    Coding.ZSTD: lambda data: zstandard.ZstdCompressor(level=7).compress(data),
    # No time and no name inside: they would make the same document other bytes.
    Coding.GZIP: lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}


def pack(document: FeedDocument) -> FeedDocument:
    made = ((coding, pack_one(document.data)) for coding, pack_one in PACK.items())
    return replace(document, packed=tuple((coding, data) for coding, data in made if len(data) < len(document.data)))
