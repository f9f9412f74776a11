"""A block's lines, where line breaks part it. In: a block of safe HTML. Out: Parts, with their links."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from syndication.articles.tidy.line import Line
from syndication.articles.tidy.trees import spaced_text, take_out, text_of


@dataclass(slots=True)
class Part:
    """A whole block, or one line of it: then `nodes` are its elements and `texts` its own words' places in the tree."""

    block: HtmlElement
    whole: bool = True
    nodes: list[HtmlElement] = field(default_factory=list)
    texts: list[tuple[HtmlElement, str]] = field(default_factory=list)  # an element and "text" or "tail"
    words: str = ""
    lead: HtmlElement | None = None  # the break that begins it

    def line(self, place: int, after: int) -> Line:
        text = _spaced(self.block) if self.whole else " ".join(self.words.split())
        links = [link for node in ([self.block] if self.whole else self.nodes) for link in node.iter("a")]
        pairs = tuple((text_of(link), link.get("href", "")) for link in links if text_of(link))
        share = min(1.0, sum(len(linked) for linked, _ in pairs) / len(text)) if text else 0.0
        return Line(text, pairs, share, place, after)

    def take_out(self) -> None:
        if self.whole:
            take_out(self.block)
            return
        for element, where in self.texts:
            setattr(element, where, " ")
        for node in self.nodes if self.lead is None else [*self.nodes, self.lead]:
            take_out(node)


def parts_of(block: HtmlElement) -> Iterator[Part]:
    """Only breaks directly in the block part it; a break within a link or a quotation does not."""
    if block.find("br") is None:
        yield Part(block)
        return
    parts = [Part(block, whole=False, texts=[(block, "text")], words=block.text or "")]
    for child in list(block):
        if child.tag == "br":
            parts.append(Part(block, whole=False, texts=[(child, "tail")], words=child.tail or "", lead=child))
            continue
        parts[-1].nodes.append(child)
        parts[-1].texts.append((child, "tail"))
        parts[-1].words += f"{''.join(str(piece) for piece in child.itertext())}{child.tail or ''}"
    yield from (part for part in parts if part.words.strip())


def _spaced(block: HtmlElement) -> str:
    """Its words; a space is set between links that stand side by side, none within a word."""
    return text_of(block) if len(block.findall(".//a")) < 2 else spaced_text(block)
