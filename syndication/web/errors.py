"""Error pages, made before the first request. In: a renderer. Out: whole pages by status, silent on what failed."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from syndication.errors import StoreError

RETRY_SECONDS = 30

WORDS: Mapping[int, tuple[str, str]] = {
    400: ("That request makes no sense to us", "Something in it is missing, or there twice."),
    403: ("Please use our own form", "This form was sent from another site. Open our page and send it from there."),
    404: ("There is nothing here", "The address is mistyped, the link is damaged, or the page is gone."),
    405: ("That is not done with this page", "It can be read, or its form sent; nothing else."),
    408: ("That took too long", "The form did not arrive in time. Please try again."),
    413: ("That is too much", "The form that was sent is larger than any of ours."),
    415: ("We cannot read that form", "It was sent in a form that no page of ours uses."),
    421: ("You asked the wrong house", "This address is not served here."),
    500: ("Something broke on our side", "It is written down, and somebody will look. Please try again later."),
    503: ("We cannot reach our shelves", "This passes. Please try again in a minute; nothing that you did is lost."),
}


def make_errors(page: Callable[..., str]) -> dict[int, bytes]:
    """`page` renders the template "error" with `status`, `title` and `words`."""
    return {
        status: page("error", status=status, title=title, words=words).encode()
        for status, (title, words) in WORDS.items()
    }


class ErrorAnswers:
    """Turns what a handler raised into one of the pages."""

    def __init__(self, errors: Mapping[int, bytes]) -> None:
        self._errors = errors

    def refused(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return self.broken(request, error)
        status = error.status_code if error.status_code in self._errors else 400
        return self._answer(status, dict(error.headers or {}))

    def away(self, request: Request, error: Exception) -> Response:
        """The store cannot be used now."""
        return self._answer(503, {"retry-after": str(RETRY_SECONDS)})

    def broken(self, request: Request, error: Exception) -> Response:
        return self._answer(500, {})

    def handlers(self) -> dict[type[Exception], Callable[[Request, Exception], Response]]:
        return {HTTPException: self.refused, StoreError: self.away, Exception: self.broken}

    def _answer(self, status: int, headers: dict[str, str]) -> Response:
        own = {"cache-control": "no-store", "x-robots-tag": "noindex"}
        return Response(self._errors[status], HTTPStatus(status), {**headers, **own}, media_type="text/html")
