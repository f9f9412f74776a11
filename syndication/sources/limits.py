"""How much of one document is read at all. Every pass and dialect keeps to these."""

DOCUMENT_BYTES_MAX = 16 * 1024 * 1024
"""As fetched, after inflating, and again in UTF-8."""
BROKEN_BYTES_MAX = 4 * 1024 * 1024
"""What is not well-formed is mended up to this size: mending costs many times what reading does."""
DEPTH_MAX = 200
NODES_MAX = 500_000
"""Elements and attributes together."""
ATTRIBUTES_MAX = 200
"""Of one element."""
ENTRIES_MAX = 20_000
ENTRY_BYTES_MAX = 4 * 1024 * 1024
"""A larger entry is set aside."""
SET_ASIDE_MAX = 200
"""Broken entries in one document; with more the document is no feed that could be trusted."""
SET_ASIDE_BYTES_MAX = 64 * 1024
"""Kept of each, for a person to look at."""
