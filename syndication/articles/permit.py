"""What may be shown of an article, and why. In: a stored article, a channel, now. Out: a Permission.

Every output asks this one question, so an agreement with a partner is kept in one place. What an item says of itself
(its Terms and Signals) narrows the agreement. When in doubt, less is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from syndication.articles.credits import agencies_in, first_named
from syndication.articles.licences import Licence, licence_in, licence_of
from syndication.articles.measure import beginning, size_of
from syndication.articles.sanitize import excerpt, web_url
from syndication.model.article import ArticleState, Figure, Permission, Stored
from syndication.model.rights import AGENCIES, Channel, ImageRight, TextRight


@dataclass(frozen=True, slots=True)
class _Text:
    excerpt: str
    body: str
    reason: str


def may(stored: Stored, channel: Channel, now: datetime) -> Permission:
    """The decision for one channel. `reasons` has a phrase for each right that was asked."""
    refusal = _refusal(stored, channel, now)
    if refusal:
        return _nothing(f"{channel.value}: no, {refusal}")
    rights, article = stored.rights, stored.article
    signals, licence = article.signals, _licence(stored)
    text = _text(stored, licence)
    figures, figure_reasons = _figures(stored, channel)
    lines = (_attribution(stored), _licence_line(stored, licence) if text.excerpt or text.body else "")
    attribution = ". ".join(line.rstrip(".") if rest else line for line, rest in _with_rest(filter(None, lines)))
    noindex, canonical = rights.noindex or signals.noindex, article.url if rights.canonical else ""
    tdm_reserved = rights.tdm_reserved or signals.tdm_reserved
    pixel = _pixel(stored, channel) if text.body else ""
    shown = {figure.src for figure in figures}
    return Permission(
        allowed=True,
        title=article.title,
        excerpt=text.excerpt,
        body=text.body,
        figures=figures,
        attribution=attribution,
        canonical=canonical,
        noindex=noindex,
        tdm_reserved=tdm_reserved,
        no_edit=_no_edit(stored, licence),
        nosnippet=signals.nosnippet,
        max_snippet=signals.max_snippet,
        noarchive=signals.noarchive,
        tdm_policy=web_url(signals.tdm_policy) if tdm_reserved else "",
        licence=_licence_address(stored),
        pixel=pixel,
        images=tuple(image for image in stored.images if image.origin in shown),
        reasons=(
            f"{channel.value}: yes, {_standing(stored)}",
            text.reason,
            *figure_reasons,
            f"attribution: {attribution!r}" if attribution else "attribution: none asked for",
            _canonical_reason(stored, canonical),
            _noindex_reason(stored),
            *_further_reasons(stored, channel, licence, tdm_reserved=tdm_reserved, pixel=pixel),
        ),
    )


def changes_at(stored: Stored, now: datetime) -> datetime | None:
    """When the answer will be another by itself: an embargo opens, or a right ends. None: it will not."""
    moments = (opens_at(stored), ends_at(stored))
    return min((moment for moment in moments if moment and moment > now), default=None)


def opens_at(stored: Stored) -> datetime | None:
    """The later of the embargo agreed and the item's own. None: there is none."""
    opens, minutes = stored.article.terms.embargo_until, stored.rights.embargo_minutes
    if not minutes:
        return opens
    agreed = (stored.article.republished_at or stored.article.published_at) + timedelta(minutes=minutes)
    return max(agreed, opens) if opens else agreed


def ends_at(stored: Stored) -> datetime | None:
    """When the right to it ends, by agreement or by its own page's word (`unavailable_after`). None: it does not."""
    days, stated = stored.rights.expiry_days, stored.article.signals.unavailable_after
    if days is None:
        return stated
    agreed = stored.article.first_seen_at + timedelta(days=days)
    return min(agreed, stated) if stated else agreed


def has_ended(stored: Stored, now: datetime) -> bool:
    ends = ends_at(stored)
    return ends is not None and now >= ends


def granted_figures(stored: Stored) -> tuple[Figure, ...]:
    """The pictures that some channel may show while the article stands, embargo or not: those worth keeping ready."""
    found = (figure for channel in Channel for figure in _figures(stored, channel)[0])
    return tuple({figure.src: figure for figure in found}.values())


def _refusal(stored: Stored, channel: Channel, now: datetime) -> str:
    """Why nothing of it goes out, or ""."""
    if stored.state is ArticleState.WITHDRAWN:
        return "it was withdrawn"
    if stored.state is ArticleState.HELD:
        return "it is held for a person to decide"
    if channel not in stored.rights.channels:
        return "the agreement does not reach there"
    opens, ends = opens_at(stored), ends_at(stored)
    if opens and now < opens:
        return f"under embargo until {_when(opens)}"
    if ends and now >= ends:
        return f"the right to it ended {_when(ends)}, {_why_it_ends(stored, ends)}"
    return ""


def _why_it_ends(stored: Stored, ends: datetime) -> str:
    if ends == stored.article.signals.unavailable_after:
        return "as its own page says"
    return f"{stored.rights.expiry_days} days after it was first seen"


def _standing(stored: Stored) -> str:
    told = ["it is live"]
    if opens := opens_at(stored):
        told.append(f"its embargo ended {_when(opens)}")
    if ends := ends_at(stored):
        told.append(f"the right to it ends {_when(ends)}")
    return ", ".join(told)


# -- text


def _text(stored: Stored, licence: Licence | None) -> _Text:
    rights, article = stored.rights, stored.article
    granted, why = rights.text, "full"
    if granted is not TextRight.FULL and rights.open_licences and licence and licence.commercial:
        granted, why = TextRight.FULL, f"full, since it is under {licence.name}"
    if granted is TextRight.LINK:
        return _Text("", "", "text: title and link only")
    if granted is TextRight.FULL and article.body:
        return _Text(_cut(stored, licence), article.body, f"text: {why}")
    if article.signals.nosnippet:
        return _Text("", "", "text: title and link only, its publisher asks for no excerpt (nosnippet)")
    told = _cut(stored, licence)
    if granted is TextRight.FULL:
        return _Text(told, "", "text: full is granted, but the partner gave only an excerpt")
    return _Text(_snippet(stored, told, licence), "", _excerpt_reason(stored, told))


def _cut(stored: Stored, licence: Licence | None) -> str:
    """The excerpt, within the words granted. What may not be edited is not cut: it fits, or is left out."""
    rights, article = stored.rights, stored.article
    if not _no_edit(stored, licence):
        return excerpt(article.excerpt or beginning(article.text) or article.text, rights.excerpt_words)
    return article.excerpt if size_of(article.excerpt) <= rights.excerpt_words else ""


def _snippet(stored: Stored, told: str, licence: Licence | None) -> str:
    most = stored.article.signals.max_snippet
    if most is None or len(told) <= most:
        return told
    if most < 1 or _no_edit(stored, licence):
        return ""
    fitting = (excerpt(told, count) for count in range(min(size_of(told), most), 0, -1))
    return next((short for short in fitting if len(short) <= most), "")


def _excerpt_reason(stored: Stored, told: str) -> str:
    rights, most = stored.rights, stored.article.signals.max_snippet
    if not told and rights.no_edit:
        return f"text: title and link only, its excerpt is longer than {rights.excerpt_words} words and must not be cut"
    chars = "" if most is None else f" and {most} characters, as its publisher asks"
    return f"text: an excerpt of at most {rights.excerpt_words} words{chars}"


def _no_edit(stored: Stored, licence: Licence | None) -> bool:
    return stored.rights.no_edit or bool(licence and not licence.derivatives and stored.rights.open_licences)


# -- pictures


def _figures(stored: Stored, channel: Channel) -> tuple[tuple[Figure, ...], list[str]]:
    figures = stored.article.figures
    if not figures:
        return (), ["images: there are none"]
    if stored.rights.images is ImageRight.NONE:
        return (), [f"images: none is granted, {len(figures)} left out"]
    if channel not in stored.rights.image_channels:
        return (), [f"images: the agreement grants none there, {len(figures)} left out"]
    allowed, reasons = [], []
    for number, figure in enumerate(figures, start=1):
        granted, why = _figure(figure, stored)
        reasons.append(f"image {number}: {'yes' if granted else 'no'}, {why}")
        if granted:
            # No picture goes out without a name under it: what carries none is the partner's own.
            allowed.append(replace(figure, credit=figure.credit or stored.partner.name))
    return tuple(allowed), reasons


def _figure(figure: Figure, stored: Stored) -> tuple[bool, str]:
    rights = stored.rights
    named = first_named(figure.credit, rights.credits_allowed)
    denied = _denied(figure, stored)
    if denied:
        return False, f"{denied} is denied"
    if named:
        return True, f"the agreement names {named}"
    if rights.images is ImageRight.ALL:
        return True, "every credit that is not denied is granted"
    if not figure.credit:
        return True, "it carries no credit of another house"
    if first_named(figure.credit, (stored.partner.name,)):
        return True, f"it is credited to {stored.partner.name} itself"
    return False, f"it is credited to {figure.credit!r}, and only the partner's own are granted"


def _denied(figure: Figure, stored: Stored) -> str:
    """The denied house that it credits. A picture of two houses needs both to be allowed."""
    rights = stored.rights
    # A credit may hide in a caption that was not told apart; reading both leaves out one picture too many, at worst.
    agencies = [name for name in rights.credits_denied if name in AGENCIES]
    others = [name for name in rights.credits_denied if name not in AGENCIES]
    found = (
        *agencies_in(figure.credit, figure.caption, agencies),
        *agencies_in("", figure.alt, agencies),
        *filter(None, [first_named(f"{figure.credit}\n{figure.caption}\n{figure.alt}", others)]),
    )
    allowed = "\n".join(rights.credits_allowed)
    return next((name for name in found if not first_named(allowed, (name,))), "")


# -- what must stand with it


def _attribution(stored: Stored) -> str:
    return stored.rights.attribution.replace("{publisher}", stored.article.publisher or stored.partner.name).strip()


def _licence_address(stored: Stored) -> str:
    return stored.article.terms.licence or licence_in(stored.article.rights_note)


def _licence(stored: Stored) -> Licence | None:
    return licence_of(_licence_address(stored))


def _licence_line(stored: Stored, licence: Licence | None) -> str:
    """Its licence asks to be named with its address (CC BY 4.0, section 3(a)(1))."""
    return f"Licence: {licence.name}, {_licence_address(stored)}" if licence else ""


def _with_rest(lines: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether another follows."""
    told = tuple(lines)
    return ((line, place < len(told)) for place, line in enumerate(told, start=1))


def _pixel(stored: Stored, channel: Channel) -> str:
    if channel is Channel.MAIL or not stored.rights.counter_pixel:
        return ""
    pixel = stored.rights.counter_pixel.replace("{id}", quote(stored.article.publisher_guid, safe=""))
    return pixel.replace("{url}", quote(stored.article.url, safe=""))


def _canonical_reason(stored: Stored, canonical: str) -> str:
    if canonical:
        return f"canonical: {canonical}"
    asked = stored.rights.canonical
    return "canonical: asked for, but the partner gave no link" if asked else "canonical: not asked for"


def _noindex_reason(stored: Stored) -> str:
    if stored.rights.noindex:
        return "noindex: search engines are asked to leave it out"
    if stored.article.signals.noindex:
        return "noindex: its own page asks search engines to leave it out, and so does ours"
    return "noindex: not asked for"


def _further_reasons(
    stored: Stored, channel: Channel, licence: Licence | None, *, tdm_reserved: bool, pixel: str
) -> Iterator[str]:
    """Of rights that most agreements do not touch."""
    signals = stored.article.signals
    if tdm_reserved:
        yield f"text and data mining: reserved{f', terms at {signals.tdm_policy}' if signals.tdm_policy else ''}"
    if signals.noarchive:
        yield "noarchive: others are asked to keep no copy, as its publisher asks"
    if address := _licence_address(stored):
        yield f"licence: {licence.name if licence else 'one that we do not know'}, {address}"
    if stored.rights.no_edit:
        yield "no-edit: nothing of it is shortened to fit"
    if signals.nosnippet or signals.max_snippet is not None:
        yield "snippets: others are asked for what its publisher asks of us"
    if stored.rights.counter_pixel:
        yield f"counter: {pixel or 'none there'}"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _nothing(reason: str) -> Permission:
    return Permission(
        allowed=False,
        title="",
        excerpt="",
        body="",
        figures=(),
        attribution="",
        canonical="",
        noindex=True,
        reasons=(reason,),
    )
