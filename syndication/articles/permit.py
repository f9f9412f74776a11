"""What may be shown of an article, and why. In: a stored article, a channel, now. Out: a Permission.

Every output asks this one question, so an agreement with a partner is kept in one place. When in doubt, less is shown.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from syndication.articles.sanitize import excerpt
from syndication.model.article import ArticleState, Figure, Permission, Stored
from syndication.model.rights import Channel, ImageRight, Rights, TextRight


def may(stored: Stored, channel: Channel, now: datetime) -> Permission:
    """The decision for one channel. `reasons` has a phrase for each right that was asked."""
    refusal = _refusal(stored, now)
    if refusal:
        return _nothing(f"{channel.value}: no, {refusal}")
    rights, article = stored.rights, stored.article
    told, body, text_reason = _text(stored)
    figures, figure_reasons = _figures(stored)
    attribution = rights.attribution.replace("{publisher}", article.publisher or stored.partner.name).strip()
    canonical = article.url if rights.canonical else ""
    reasons = [f"{channel.value}: yes, {_standing(stored)}", text_reason, *figure_reasons]
    reasons.append(f"attribution: {attribution!r}" if attribution else "attribution: none asked for")
    reasons.append(_canonical_reason(rights, canonical))
    reasons.append("noindex: search engines are asked to leave it out" if rights.noindex else "noindex: not asked for")
    if rights.tdm_reserved:
        reasons.append("text and data mining: reserved")
    return Permission(
        allowed=True,
        title=article.title,
        excerpt=told,
        body=body,
        figures=figures,
        attribution=attribution,
        canonical=canonical,
        noindex=rights.noindex,
        tdm_reserved=rights.tdm_reserved,
        reasons=tuple(reasons),
    )


def changes_at(stored: Stored, now: datetime) -> datetime | None:
    """When the answer will be another by itself: an embargo opens, or a right ends. None: it will not."""
    rights, article = stored.rights, stored.article
    moments = []
    if rights.embargo_minutes:
        moments.append(article.published_at + timedelta(minutes=rights.embargo_minutes))
    if rights.expiry_days is not None:
        moments.append(article.first_seen_at + timedelta(days=rights.expiry_days))
    return min((moment for moment in moments if moment > now), default=None)


def _refusal(stored: Stored, now: datetime) -> str:
    """Why nothing of it goes out, or ""."""
    rights, article = stored.rights, stored.article
    if stored.state is ArticleState.WITHDRAWN:
        return "it was withdrawn"
    if stored.state is ArticleState.HELD:
        return "it is held for a person to decide"
    opens = article.published_at + timedelta(minutes=rights.embargo_minutes)
    if rights.embargo_minutes and now < opens:
        return f"under embargo until {_when(opens)}"
    if rights.expiry_days is not None:
        closes = article.first_seen_at + timedelta(days=rights.expiry_days)
        if now >= closes:
            return f"the right to it ended {_when(closes)}, {rights.expiry_days} days after it was first seen"
    return ""


def _standing(stored: Stored) -> str:
    rights = stored.rights
    told = ["it is live"]
    if rights.embargo_minutes:
        told.append(f"its embargo of {rights.embargo_minutes} minutes is over")
    if rights.expiry_days is not None:
        closes = stored.article.first_seen_at + timedelta(days=rights.expiry_days)
        told.append(f"the right to it ends {_when(closes)}")
    return ", ".join(told)


def _text(stored: Stored) -> tuple[str, str, str]:
    """Excerpt, body, and the reason."""
    rights, article = stored.rights, stored.article
    if rights.text is TextRight.LINK:
        return "", "", "text: title and link only"
    told = excerpt(article.excerpt or article.text, rights.excerpt_words)
    if rights.text is TextRight.EXCERPT:
        return told, "", f"text: an excerpt of at most {rights.excerpt_words} words"
    if not article.body:
        return told, "", "text: full is granted, but the partner gave only an excerpt"
    return told, article.body, "text: full"


def _figures(stored: Stored) -> tuple[tuple[Figure, ...], list[str]]:
    figures = stored.article.figures
    if not figures:
        return (), ["images: there are none"]
    if stored.rights.images is ImageRight.NONE:
        return (), [f"images: none is granted, {len(figures)} left out"]
    allowed, reasons = [], []
    for number, figure in enumerate(figures, start=1):
        granted, why = _figure(figure, stored)
        reasons.append(f"image {number}: {'yes' if granted else 'no'}, {why}")
        if granted:
            allowed.append(figure)
    return tuple(allowed), reasons


def _figure(figure: Figure, stored: Stored) -> tuple[bool, str]:
    rights = stored.rights
    named = _first_named(figure.credit, rights.credits_allowed)
    if named:
        return True, f"the agreement names {named}"
    # A credit may hide in a caption that was not told apart; reading both leaves out one picture too many, at worst.
    denied = _first_named(f"{figure.credit}\n{figure.caption}", rights.credits_denied)
    if denied:
        return False, f"{denied} is denied"
    if rights.images is ImageRight.ALL:
        return True, "every credit that is not denied is granted"
    if not figure.credit:
        return True, "it carries no credit of another house"
    if _first_named(figure.credit, (stored.partner.name,)):
        return True, f"it is credited to {stored.partner.name} itself"
    return False, f"it is credited to {figure.credit!r}, and only the partner's own are granted"


def _first_named(text: str, names: tuple[str, ...]) -> str:
    return next((name for name in names if name.strip() and _whole(name).search(text)), "")


@lru_cache(maxsize=512)
def _whole(name: str) -> re.Pattern[str]:
    words = r"[\s\xa0]+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.I)


def _canonical_reason(rights: Rights, canonical: str) -> str:
    if canonical:
        return f"canonical: {canonical}"
    return "canonical: asked for, but the partner gave no link" if rights.canonical else "canonical: not asked for"


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
