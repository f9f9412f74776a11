"""A template's name and values -> a mail (subject, HTML, text) or one page. Alone knows Jinja2 and css-inline.

A missing variable fails, HTML escapes, a stylesheet elsewhere is never read. The same values give the same bytes.
"""

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound

from syndication.errors import RenderError

TEXT_WIDTH = 72
NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a template in three parts gave. `subject` is one line."""

    subject: str
    html: str
    text: str


class Renderer:
    """Holds the compiled templates of one or more directories; the first that has a name wins. Thread-safe."""

    def __init__(self, directories: Sequence[Path]) -> None:
        self._pages = _environment(directories, escape=True)
        self._texts = _environment(directories, escape=False)
        # Rules that cannot be inlined (dark mode, narrow screens) stay in <style>; nothing is ever loaded.
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)

    def page(self, name: str, **values: Any) -> str:
        """The page of `templates/pages/<name>.html`. Raises RenderError."""
        return self._render(self._pages, f"pages/{_safe(name)}.html", values)

    def email(self, name: str, **values: Any) -> Mail:
        """The mail of `templates/email/<name>/`. Raises RenderError."""
        folder = f"email/{_safe(name)}"
        subject = self._render(self._texts, f"{folder}/subject.txt", values)
        html = self._render(self._pages, f"{folder}/body.html", values)
        text = self._render(self._texts, f"{folder}/body.txt", values)
        return Mail(subject=" ".join(subject.split()), html=self._inline(html), text=_tidy(text))

    def _inline(self, html: str) -> str:
        try:
            return self._inliner.inline(html)
        except css_inline.InlineError as error:
            raise RenderError("the styles of a mail cannot be inlined", why=str(error)) from error

    def _render(self, environment: Environment, path: str, values: dict[str, Any]) -> str:
        try:
            return environment.get_template(path).render(values)
        except TemplateNotFound as error:
            raise RenderError(f"there is no template {error.name}") from error
        except TemplateError as error:
            where = f"{path}:{error.lineno}" if hasattr(error, "lineno") else path
            raise RenderError(f"the template {where} failed", why=str(error)) from error


def _environment(directories: Sequence[Path], *, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(directories),
        autoescape=escape,  # noqa: S701 (off for subjects and text parts, which are no HTML)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(day=day, short_day=short_day, clock=clock, iso=iso, wrap=wrap, host=host)
    return environment


def _safe(name: str) -> str:
    if not NAME.fullmatch(name):
        raise RenderError(f"{name!r} is not a template's name", why="a name has small letters, digits, - and _")
    return name


def day(moment: date, zone: str = "UTC") -> str:
    """ "Tuesday, 24 November 2026"."""
    local = _local(moment, zone)
    return f"{local:%A}, {local.day} {local:%B %Y}"


def short_day(moment: date, zone: str = "UTC") -> str:
    """ "24 Nov 2026"."""
    local = _local(moment, zone)
    return f"{local.day} {local:%b %Y}"


def clock(moment: datetime, zone: str = "UTC") -> str:
    """ "07:05"."""
    return f"{_local(moment, zone):%H:%M}"


def iso(moment: date) -> str:
    """For the `datetime` attribute of <time>."""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()


def _local(moment: date, zone: str) -> date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(ZoneInfo(zone))
    return moment


def wrap(text: str, indent: str = "", width: int = TEXT_WIDTH) -> str:
    """Lines of at most `width` columns (a wide letter counts two); links and long words stay whole."""
    wrapper = textwrap.TextWrapper(
        width=width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapper.fill(line) if line.strip() else "" for line in _narrow(text, width).splitlines())


def _narrow(text: str, width: int) -> str:
    # textwrap counts code points; scripts without spaces and of double width need breaks of their own.
    if not any(unicodedata.east_asian_width(character) in "WF" for character in text):
        return text
    lines, line, columns = [], "", 0
    for character in text:
        size = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if character == "\n" or columns + size > width:
            lines.append(line)
            line, columns = "", 0
            if character == "\n":
                continue
        line, columns = line + character, columns + size
    return "\n".join([*lines, line])


def host(url: str) -> str:
    """The host of a link, without "www.": what a person calls the place."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
