"""What is wrong with a rendered mail. In: Rendered, the tags it must carry. Out: Faults. Pure: the gate before freeze.

A blocking fault keeps the edition from readers; the others are told to whoever approves it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from syndication.model.edition import Rendered

HTML_BYTES_WARN = 70_000
HTML_BYTES_MAX = 90_000
"""A large mail program cuts what is longer, and with it the link by which a reader leaves."""
SUBJECT_LENGTH_MAX = 250
TEXT_LINE_LENGTH_MAX = 998
"""RFC 5322, section 2.1.1."""
ACTIVE = frozenset({"script", "iframe", "object", "embed", "form", "input", "button", "link", "base", "svg", "video"})

TOO_LONG = "HTML too long"


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    text: str
    blocking: bool = True


def lint(mail: Rendered, *, html_tag: str, text_tag: str, known_tags: Collection[str]) -> tuple[Fault, ...]:
    """`html_tag` and `text_tag` stand where each part's unsubscribe link goes."""
    return (
        *_subject(mail.subject),
        *_text(mail.text, text_tag),
        *_size(mail.html, html_tag),
        *_tags(mail, known_tags),
        *_markup(mail.html),
    )


def blocking(faults: Collection[Fault]) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.blocking)


def _subject(subject: str) -> Iterator[Fault]:
    if not subject.strip():
        yield Fault("subject", "the subject is empty")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in subject):
        yield Fault("subject", "the subject has a control character")
    if len(subject) > SUBJECT_LENGTH_MAX:
        yield Fault("subject", f"the subject has {len(subject)} characters, {SUBJECT_LENGTH_MAX} are enough")


def _text(text: str, tag: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault("text part", "there is no text part")
    if tag not in text:
        yield Fault("unsubscribe", "the text part has no unsubscribe link")
    longest = max((len(line) for line in text.splitlines()), default=0)
    if longest > TEXT_LINE_LENGTH_MAX:
        yield Fault("text part", f"a line of the text part has {longest} characters", blocking=False)


def _size(html: str, tag: str) -> Iterator[Fault]:
    data = html.encode()
    if len(data) > HTML_BYTES_MAX:
        yield Fault(TOO_LONG, f"the HTML has {len(data)} bytes, {HTML_BYTES_MAX} is the most")
    elif len(data) > HTML_BYTES_WARN:
        yield Fault("HTML long", f"the HTML has {len(data)} bytes; its longest block has {_longest(html)}", False)
    if tag.encode() not in data[:HTML_BYTES_MAX]:
        yield Fault("unsubscribe", f"no unsubscribe link within the first {HTML_BYTES_MAX} bytes of the HTML")


def _longest(html: str) -> int:
    return max((len(cell.encode()) for cell in re.split(r"</tr>", html)), default=0)


def _tags(mail: Rendered, known: Collection[str]) -> Iterator[Fault]:
    if any(mail.nonce in part for part in (mail.subject, mail.preheader)):
        yield Fault("tag", "the subject or the preheader carries a reader's own value")
    looks = re.compile(rf"\{{[^{{}}]*{re.escape(mail.nonce)}[^{{}}]*\}}")
    for tag in sorted(set(looks.findall(mail.html + "\n" + mail.text)) - set(known)):
        yield Fault("tag", f"{tag} looks like a tag and is none")


def _markup(html: str) -> Iterator[Fault]:
    if not html.strip():
        yield Fault("HTML part", "there is no HTML part")
        return
    try:
        root = lxml_html.document_fromstring(html)
    except (etree.ParserError, ValueError) as error:
        yield Fault("HTML part", f"the HTML cannot be read: {error}")
        return
    yield from _frame(root)
    for element in root.iter(etree.Element):
        yield from _element(element)


def _frame(root: lxml_html.HtmlElement) -> Iterator[Fault]:
    if not root.get("lang"):
        yield Fault("language", "the HTML names no language")
    if not (root.findtext(".//title") or "").strip():
        yield Fault("title", "the HTML has no title")
    headings = len(root.findall(".//h1"))
    if headings != 1:
        yield Fault("heading", f"a mail has one h1, this has {headings}")


def _element(element: lxml_html.HtmlElement) -> Iterator[Fault]:
    name = str(element.tag)
    if name in ACTIVE:
        yield Fault("active element", f"<{name}> has no place in a mail")
    if name == "img" and element.get("alt") is None:
        yield Fault("picture", f"the picture {element.get('src', '')[:80]} has no alt text")
    if name == "a" and not _good_link(element.get("href", "")):
        yield Fault("link", f"the link {element.get('href', '')[:80]!r} is not absolute")
    if any(attribute.lower().startswith("on") for attribute in element.keys()):  # noqa: SIM118 (lxml elements)
        yield Fault("active element", f"<{name}> has an event handler")


def _good_link(href: str) -> bool:
    if re.fullmatch(r"\{[a-z]+-[0-9a-f]+\}", href):
        return True  # a tag: the link is the reader's own
    return bool(re.match(r"(https?://[^\s/]+|mailto:[^\s]+@[^\s]+)", href))
