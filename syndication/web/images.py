"""Pictures that we keep, at addresses that name their bytes. In: a way to read a file. Out: the file, or 404."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.web import policy
from syndication.web.conditional import is_fresh

CACHE = "public, max-age=86400"
"""A name always means the same bytes, but the right to show them may end: no cache shows them for longer than a day."""


@dataclass(frozen=True, slots=True)
class Images:
    read: Callable[[str], bytes | None]
    extra: policy.Headers = ()

    def routes(self) -> list[Route]:
        return [Route("/images/{name}", self.image)]

    def image(self, request: Request) -> Response:
        name = request.path_params["name"]
        data = self.read(name)
        if data is None:
            raise HTTPException(404)
        told = {key.decode(): value.decode() for key, value in (*policy.IMAGE, *self.extra)}
        headers = {"etag": f'"{name.partition(".")[0]}"', "cache-control": CACHE, **told}
        if is_fresh(request.scope["headers"], etag=headers["etag"].encode()):
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type="image/jpeg")
