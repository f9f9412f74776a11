"""XML names -> the short names that the dialects know. In: "namespace local" as expat writes it. Out: "dc:creator".

RSS has no namespace (or one of its own in 0.90, 1.0 and some 2.0), so its names stand alone. Old and misspelt
namespaces of the same vocabulary come to one prefix.
"""

from functools import lru_cache

XML_BASE = "http://www.w3.org/XML/1998/namespace base"
XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
XLINK = "http://www.w3.org/1999/xlink"
XINCLUDE = "http://www.w3.org/2001/XInclude"

PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss091": "",
    "http://backend.userland.com/rss092": "",
    "http://backend.userland.com/rss2.1": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/metadata/dublin_core": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://backend.userland.com/creativeCommonsRssModule": "cc",
    "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html": "cc",
    "http://creativecommons.org/ns#": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://prismstandard.org/namespaces/basic/2.1/": "prism",
    "http://prismstandard.org/namespaces/basic/3.0/": "prism",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "sitemap",
    "http://www.google.com/schemas/sitemap/0.84": "sitemap",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
}

USUAL = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "xlink": XLINK,
}
"""What a prefix means where its publisher forgot to say."""


def _loose(namespace: str) -> str:
    """A namespace is compared letter by letter, by the book; publishers type it from memory."""
    return namespace.strip().lower().replace("https://", "http://", 1).rstrip("/#")


_LOOSELY = {_loose(namespace): prefix for namespace, prefix in PREFIXES.items()}


def _prefix(namespace: str) -> str | None:
    prefix = PREFIXES.get(namespace)
    return _LOOSELY.get(_loose(namespace)) if prefix is None else prefix


def is_known(namespace: str) -> bool:
    return _prefix(namespace) is not None


@lru_cache(maxsize=4096)
def short_name(name: str, *, atom: bool) -> str:
    """`atom`: names without a namespace are Atom's, because the root is a bare `feed`. Foreign names stay long."""
    namespace, space, local = name.rpartition(" ")
    if not space:
        return f"atom:{local}" if atom else local.lower()
    prefix = _prefix(namespace)
    if prefix is None:
        return name
    # The letter case of RSS is often wrong, and none of its names differ by case alone.
    return f"{prefix}:{local}" if prefix else local.lower()
