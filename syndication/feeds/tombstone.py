"""The note of a withdrawal, as Atom -> a tombstone (RFC 6721). In: an entry's bytes. Out: the element, or None. Pure.

A document says what was withdrawn with an entry in the place of the old one, which every reader understands; few know
tombstones, and validators warn of them. Who asks for changes alone (RFC 3229) keeps a copy and is told what to remove.
"""

import re

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
WITHDRAWN = "deleted-entry"
_NOTE = re.compile(rf'<category [^>]*scheme="{re.escape(TOMBSTONES)}"'.encode())
"""In an entry's text no element begins: there it is written "&lt;"."""
_ID = re.compile(rb"<id>([^<]*)</id>")
_UPDATED = re.compile(rb"<updated>([^<]*)</updated>")


def tombstone(entry: bytes) -> bytes | None:
    """None for an entry that was not withdrawn."""
    id, updated = _ID.search(entry), _UPDATED.search(entry)
    if id is None or updated is None or not _NOTE.search(entry):
        return None
    return b'<at:deleted-entry xmlns:at="%s" ref="%s" when="%s"/>' % (TOMBSTONES.encode(), id[1], updated[1])
