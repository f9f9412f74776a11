"""A TOML file -> values checked by a pydantic model, or a SettingsError that names file, line, key and the way out."""

import difflib
import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from syndication.errors import SettingsError


class Section(BaseModel):
    """A table of a configuration file. An unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Section)
Path_ = tuple[str | int, ...]

HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[A-Za-z0-9_.-]+)\s*=""")


def read(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text and its tables. Raises SettingsError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError(
            f"there is no {path}", fix="run `syndication init` to write one, or name yours with --config"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read", why=str(error)) from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML", why=str(error)) from error


def check(model: type[T], values: dict[str, Any], *, path: Path, text: str) -> T:
    """`values` as a `model`. Raises SettingsError for the first thing wrong; the count of others is told."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        # A misspelled key first: when a key is missing, it is most often there under another name.
        faults = sorted(
            error.errors(include_url=False, include_context=False), key=lambda fault: fault["type"] != "extra_forbidden"
        )
        raise _explain(model, faults[0], others=len(faults) - 1, path=path, text=text) from error


def _explain(model: type[Section], fault: Any, *, others: int, path: Path, text: str) -> SettingsError:
    loc = fault["loc"]
    # Which of several kinds of a table is meant stands among the keys, and is none.
    kind_of_table = loc[:1] == ("transport",) and len(loc) > 2
    where: Path_ = tuple(part for at, part in enumerate(loc) if part != "[key]" and not (kind_of_table and at == 2))
    name = _dotted(where)
    table = _dotted(where[:-1])
    more = f" ({others} more to mend after this one)" if others else ""
    what = f"{path}, line {line_of(text, where)}" if text else f"{path}"
    kind, known = fault["type"], _known(model, where)
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
        fix = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return SettingsError(f"{what}: {name!r} is not a known key{more}", fix=fix)
    if kind == "missing":
        fix = f"add {where[-1]} = … under [{table}]" if table else f"add a [{where[-1]}] table"
        return SettingsError(f"{what}: {name!r} is missing{more}", fix=fix)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return SettingsError(f"{what}: {name!r} is of no kind{more}", fix='add kind = "sendgrid" or kind = "smtp"')
    given = fault.get("input")
    why = str(fault["msg"]).removeprefix("Value error, ")
    return SettingsError(f"{what}: {name} = {given!r} is not accepted{more}", why=why[:1].lower() + why[1:])


def _known(model: type[Section], where: Path_) -> list[str]:
    """The keys that the table around `where` may have."""
    fields: dict[str, Any] = dict(model.model_fields)
    for part in where[:-1]:
        field = fields.get(str(part))
        if field is None:
            continue  # a table's own name, such as `harbour` in [source.harbour]
        inner = _section_in(field.annotation)
        if inner is None:
            return []
        fields = dict(inner.model_fields)
    return sorted(fields)


def _section_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    inner = [_section_in(argument) for argument in getattr(annotation, "__args__", ())]
    return next((found for found in inner if found is not None), None)


def line_of(text: str, where: Path_) -> int:
    """The line, counting from 1, of a dotted key; of the nearest table around it when the key is not there.

    A number in `where` is the place of a [[table]] among its like, or of a value in a list.
    """
    keys, tables = _lines(text)
    # The value itself, or the list that it stands in.
    named = len(where)
    while named and where[:named] not in keys and isinstance(where[named - 1], int):
        named -= 1
    around = (tables.get(where[:depth]) for depth in range(len(where), 0, -1))
    return keys.get(where[:named]) or next(filter(None, around), 1)


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[dict[Path_, int], dict[Path_, int]]:
    """Where keys stand, and where tables begin. Read once: a publication of thousands asks for each of its lines."""
    keys: dict[Path_, int] = {}
    tables: dict[Path_, int] = {}
    table: Path_ = ()
    met: Counter[Path_] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = tuple(_parts(header[1]))
            if line.lstrip().startswith("[["):
                met[table] += 1
                table = (*table, met[table] - 1)
            tables.setdefault(table, number)
        elif key := KEY.match(line):
            keys.setdefault((*table, *_parts(key[1])), number)
    return keys, tables


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', name)]


def _dotted(where: Path_) -> str:
    return ".".join(str(part) for part in where)
