"""What programs are told of a page, in the words of schema.org (JSON-LD). In: what the page shows. Out: a JSON text.

It says nothing that the page does not show, and names the original wherever there is one. A page carries it in an
element that no browser runs; still, the text cannot end that element, whatever a title holds.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from syndication.jobs.read import EditionShown
from syndication.model.feed import Publication
from syndication.web.present import Story

HEADLINE_CHARS = 110
CONTEXT = "https://schema.org"

Linked = Mapping[str, Any]

_APART = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def written(linked: Linked) -> str:
    """Safe inside <script type="application/ld+json">. What is empty is left out."""
    told = json.dumps({"@context": CONTEXT} | _told(linked), ensure_ascii=False, separators=(",", ":"))
    return told.translate(_APART)


def website(publication: Publication) -> Linked:
    return {
        "@type": "WebSite",
        "name": publication.title,
        "description": publication.description,
        "url": f"{publication.base_url}/",
        "inLanguage": publication.language,
        "publisher": _house(publication),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{publication.base_url}/search?q={{query}}",
            "query-input": "required name=query",
        },
    }


def article(story: Story, publication: Publication) -> Linked:
    """Our page, and the one that it is based on."""
    return {
        "@type": "NewsArticle",
        "headline": story.title[:HEADLINE_CHARS],
        "description": story.excerpt,
        "url": f"{publication.base_url}/articles/{story.id}",
        "datePublished": story.published_at.isoformat(timespec="seconds"),
        "dateModified": story.corrected_at.isoformat(timespec="seconds") if story.corrected_at else "",
        "inLanguage": story.language,
        "author": {"@type": "Person", "name": story.byline} if story.byline else _org(story.publisher, ""),
        "publisher": _house(publication),
        "articleSection": [topic.text for topic in story.topics],
        "creditText": story.attribution,
        "image": [
            {
                "@type": "ImageObject",
                "url": f"{publication.base_url}{picture.path}",
                "width": picture.width,
                "height": picture.height,
                "caption": picture.caption,
                "creditText": picture.credit,
            }
            for picture in story.pictures
        ],
        "isBasedOn": {
            "@type": "NewsArticle",
            "url": story.original_url,
            "publisher": _org(story.original_at, ""),
        }
        if story.original_url
        else {},
    }


def edition(shown: EditionShown, stories: Sequence[Story], publication: Publication) -> Linked:
    return {
        "@type": "PublicationIssue",
        "name": shown.newsletter.title,
        "url": f"{publication.base_url}/editions/{shown.edition.id}",
        "datePublished": shown.edition.due_at.isoformat(timespec="seconds"),
        "isPartOf": {"@type": "Periodical", "name": shown.newsletter.title, "publisher": _house(publication)},
        "hasPart": [
            {
                "@type": "NewsArticle",
                "headline": story.title[:HEADLINE_CHARS],
                "url": f"{publication.base_url}/articles/{story.id}",
            }
            for story in stories
        ],
    }


def collection(title: str, url: str, publication: Publication) -> Linked:
    """A page that lists stories."""
    return {
        "@type": "CollectionPage",
        "name": title,
        "url": url,
        "isPartOf": {"@type": "WebSite", "name": publication.title, "url": f"{publication.base_url}/"},
    }


def _house(publication: Publication) -> Linked:
    return _org(publication.publisher or publication.title, f"{publication.base_url}/")


def _org(name: str, url: str) -> Linked:
    return {"@type": "Organization", "name": name, "url": url}


def _told(linked: Linked) -> dict[str, Any]:
    """Without what is empty, at any depth."""
    return {key: _told(value) if isinstance(value, Mapping) else value for key, value in linked.items() if value}
