"""The pages that anybody may read. In: an archive, through `jobs.read`. Out: HTML; what may not be shown is a 404.

Handlers are plain functions: the framework runs them in threads, where a question to the database holds nobody up.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syndication.jobs import gone, read
from syndication.jobs.ports.archive import Archive
from syndication.model.article import Permission
from syndication.web import linked, present, share, why
from syndication.web.form import Stamps
from syndication.web.sign_up import consent_text
from syndication.web.site import Head, Site

_ID = re.compile(r"[1-9]\d{0,17}")


@dataclass(frozen=True, slots=True)
class Pages:
    site: Site
    archive: Archive
    stamps: Stamps

    def routes(self) -> list[Route]:
        return [
            Route("/", self.front),
            Route("/articles/{id}", self.article),
            Route("/editions/{id}", self.edition),
        ]

    def front(self, request: Request) -> Response:
        now = self.site.clock()
        front = read.front(self.archive, now)
        topics = present.titles(front.house)
        main = present.main_feed(front.house.feeds)
        publication = self.site.publication
        return self.site.own(
            "front",
            Head(
                publication.title,
                "/",
                description=publication.description,
                feed=main.slug if main else "",
                linked=linked.website(publication),
            ),
            stories=present.stories(front.stories, topics),
            now=now,
            house=front.house,
            editions=front.editions,
            main_feed=main,
            rhythm=present.rhythm,
            edition_title=present.edition_title,
            stamp=self.stamps.draw(now),
            consent=consent_text(publication),
        )

    def article(self, request: Request) -> Response:
        found = read.article(self.archive, _id(request), self.site.clock())
        if found is None:
            return self._gone(_id(request))
        topics = present.titles(self.archive.house())
        story = present.story(found.shown, topics)
        head = Head(
            story.title,
            f"/articles/{story.id}",
            description=story.excerpt,
            canonical=found.shown.permission.canonical,
            noindex=found.shown.permission.noindex,
            image=story.pictures[0].path if story.pictures else "",
            counter=_origin(story.pixel),
            robots=_robots(found.shown.permission),
            tdm_reserved=found.shown.permission.tdm_reserved,
            tdm_policy=found.shown.permission.tdm_policy,
            before=f"/articles/{found.before.stored.id}" if found.before else "",
            after=f"/articles/{found.after.stored.id}" if found.after else "",
            published=story.published_at,
            modified=story.corrected_at,
            linked=linked.article(story, self.site.publication),
        )
        return self.site.open(
            request,
            "article",
            head,
            story=story,
            corrections=found.corrections,
            versions=present.stories(found.versions, topics),
            before=found.before,
            after=found.after,
            why=why.reasons(found, topics, self.site.zone),
            ways=share.ways(story.title, self.site.url(head.path)),
        )

    def _gone(self, id: int) -> Response:
        """What was here and may be shown no more says so; what never was is a 404."""
        found = gone.gone(self.archive, id, self.site.clock())
        if found is None:
            raise HTTPException(404)
        if found.leads_there:
            return RedirectResponse(found.original_url, 302, {"cache-control": "no-store"})
        by = "us" if found.by_us else found.publisher
        title = f"Withdrawn by {by}" if found.withdrawn else "This story is here no longer"
        head = Head(title, f"/articles/{id}", noindex=True)
        return self.site.own("gone", head, status=410, gone=found)

    def edition(self, request: Request) -> Response:
        shown = read.edition(self.archive, _id(request), self.site.clock())
        if shown is None:
            raise HTTPException(404)
        stories = present.items(shown, present.titles(self.archive.house()))
        head = Head(
            present.edition_title(shown),
            f"/editions/{shown.edition.id}",
            description=shown.newsletter.description,
            before=f"/editions/{shown.before.edition.id}" if shown.before else "",
            after=f"/editions/{shown.after.edition.id}" if shown.after else "",
            linked=linked.edition(shown, stories, self.site.publication),
        )
        return self.site.open(
            request,
            "edition",
            head,
            shown=shown,
            stories=stories,
            edition_title=present.edition_title,
            ways=share.ways(head.title, self.site.url(head.path)),
        )


def _id(request: Request) -> int:
    """The number in the address. Raises HTTPException 404 for anything else."""
    text = request.path_params["id"]
    if not _ID.fullmatch(text):
        raise HTTPException(404)
    return int(text)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.hostname else ""


def _robots(permission: Permission) -> tuple[str, ...]:
    kept = ("noarchive",) if permission.noarchive else ()
    if permission.nosnippet:
        return (*kept, "nosnippet")
    return kept if permission.max_snippet is None else (*kept, f"max-snippet:{permission.max_snippet}")
