"""What the public feed validators would warn of, in our own words. In: a document's bytes. Out: warnings, for a person.

It shares nothing with the gate: expat and html5lib read here, and the schemas beside it are written from the
specifications. The gate refuses what is wrong; this also says what is merely unwise.
"""

import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
from jsonschema import Draft202012Validator
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
A = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
PLAIN_IN_RSS = ("title", "category", "source", "{http://purl.org/dc/elements/1.1/}rights")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//)?[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,#\[\]]+")
END_TAG = re.compile(r"</(a|b|i|p|em|h1|div|script|style|strong|span|title|html|iframe|svg)>", re.I)
ENTITY = re.compile(r"&(#\w+|[a-z]+);", re.I)
BYTES_MAX = 5_000_000


def warnings_of(data: bytes, ending: str) -> list[str]:
    if len(data) > BYTES_MAX:
        return [f"{len(data)} bytes"]
    if ending == "json":
        return list(_json(data))
    root = ET.fromstring(data)
    found = [f"schema: {error}" for error in _schema_errors(data, ending)]
    return found + list(_everywhere(root)) + list(_atom(root) if ending == "atom" else _rss(root, data))


def _schema_errors(data: bytes, ending: str) -> list[str]:
    with warnings.catch_warnings():
        schema = etree.RelaxNG(etree.parse(SCHEMAS / f"{ending}.rng"))
    document = etree.fromstring(data)
    return [] if schema.validate(document) else [f"line {error.line}: {error.message}" for error in schema.error_log]


def _everywhere(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for text in (element.text or "", element.tail or "", *element.attrib.values()):
            if re.search("[\x7f-\x9f\ufffd]", text) or _encoded_twice(text):
                yield f"{element.tag}: characters of a wrong encoding"
        for name in ("href", "url"):
            if name in element.attrib and not URI.fullmatch(element.attrib[name]):
                yield f"{element.tag}: not spelled as a URI: {element.attrib[name]!r}"


def _encoded_twice(text: str) -> bool:
    try:
        return text.encode("latin-1").decode() != text and bool(re.search("[\xc2\xc3][\x80-\xbf]", text))
    except UnicodeError:
        return False


def _canonical(uri: str) -> bool:
    """What RFC 3986 calls normal, of web addresses; of other URIs only how they are escaped."""
    octets = re.findall("%([0-9A-Fa-f]{2})", uri)
    if any(pair != pair.upper() or re.match(r"[\w.~-]", chr(int(pair, 16)), re.A) for pair in octets):
        return False
    try:
        parts = urlsplit(uri)
        unquote(uri, errors="strict")
        port = parts.port
    except (ValueError, UnicodeDecodeError):
        return False
    if parts.scheme != uri.split(":")[0]:
        return False
    if parts.scheme not in ("http", "https"):
        return True
    usual = {"http": 80, "https": 443}[parts.scheme]
    plain = parts.netloc == (parts.hostname or "").rstrip(".") + (f":{port}" if port else "")
    return plain and port != usual and parts.path[:1] == "/" and not re.search(r"/\.\.?(/|$)", parts.path)


def _atom(root: ET.Element) -> Iterator[str]:
    for element in root.iter(f"{A}id"):
        if not _canonical(element.text or ""):
            yield f"id: not canonical: {element.text!r}"
    for element in root.iter(f"{A}name"):
        name = element.text or ""
        if not name.strip() or END_TAG.search(name) or re.search(r"<[^<>@\s]+@[^<>@\s]+>", name):
            yield f"name: not a name alone: {name!r}"
    entries = root.findall(f"{A}entry")
    yield from _twice("updated", [entry.findtext(f"{A}updated") for entry in entries])
    yield from _twice("id", [entry.findtext(f"{A}id") for entry in entries])
    seen_entry = False
    for child in root:
        seen_entry = seen_entry or child.tag == f"{A}entry"
        if seen_entry and child.tag.startswith(A) and child.tag != f"{A}entry":
            yield f"{child.tag} after an entry"
    for element in root.iter():
        if element.tag in {f"{A}{name}" for name in ("title", "subtitle", "summary", "content", "rights")}:
            if element.get("type") == "html":
                yield from _html(element.tag, element.text or "")
            elif END_TAG.search(element.text or "") or ENTITY.search(element.text or ""):
                yield f"{element.tag}: markup in what says it is text: {element.text!r}"
    for entry in entries:
        alternates = [link for link in entry.findall(f"{A}link") if link.get("rel") == "alternate"]
        if len(alternates) != 1:
            yield f"{len(alternates)} alternate links of one type"


def _rss(root: ET.Element, data: bytes) -> Iterator[str]:
    items = root.findall("channel/item")
    yield from _twice("guid", [item.findtext("guid") for item in items])
    spelled = b"&#x" in data
    for element in (root.find("channel/title"), root.find("channel/description")):
        yield from _plain_in_rss(element, spelled)
    for item in items:
        if not URI.fullmatch(item.findtext("link") or ""):
            yield f"not spelled as a URI: {item.findtext('link')!r}"
        for name in PLAIN_IN_RSS:
            for element in item.findall(name):
                yield from _plain_in_rss(element, spelled)
        for name in ("description", CONTENT):
            yield from _html(name, item.findtext(name) or "")


def _plain_in_rss(element: ET.Element | None, spelled: bool) -> Iterator[str]:
    text = (element.text or "") if element is not None else ""
    if END_TAG.search(text):
        yield f"HTML in {text!r}"
    if re.search(r"&(#?\w+)|<[/A-Za-z]", text) and not spelled:
        yield f"& or < not written in hexadecimal: {text!r}"


def _html(where: str, html: str) -> Iterator[str]:
    """Parse errors of HTML5, elements that run, addresses that lead nowhere."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    for _, error, _ in parser.errors:
        yield f"{where}: {error} in {html!r}"
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "link",
            "meta",
            "base",
        }:
            yield f"{where}: a {element.tag} element"
        for name, value in element.attrib.items():
            if str(name).startswith("on") or name == "style":
                yield f"{where}: an attribute {name}"
            if name in ("href", "src") and not re.match(r"(https?|mailto|tel):", unescape(str(value)).strip(), re.I):
                yield f"{where}: leads nowhere: {value!r}"


def _twice(name: str, values: list[str | None]) -> Iterator[str]:
    if len(set(values)) < len(values):
        yield f"two items of one {name}"
    if any(not value for value in values):
        yield f"an item without {name}"


def _json(data: bytes) -> Iterator[str]:
    schema = json.loads((SCHEMAS / "feed.schema.json").read_text())
    feed = json.loads(data)
    for error in Draft202012Validator(schema).iter_errors(feed):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
    yield from _twice("id", [item.get("id") for item in feed.get("items", [])])
    for item in feed.get("items", []):
        yield from _html("content_html", item.get("content_html", ""))
