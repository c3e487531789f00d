"""The packaged queries: `.sql` files whose leading comment says what they answer and what they take."""

import datetime as dt
import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import BrokenQuery, UnknownParameter, UnknownQuery, WrongValue

_OPENING, _CLOSING = "/* ---", "--- */"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return value if fits else None


def _double(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(value: object) -> dt.date | None:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    # A datetime is a date to Python; here it would lose its time without a word.
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _timestamp(value: object) -> dt.datetime | None:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, dt.datetime):
        return None
    # The database holds UTC without a zone.
    return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value


# The word of the front matter: what DuckDB calls it, how to say it, and how a value is read.
_TYPES = {
    "text": ("VARCHAR", "text", _text),
    "integer": ("BIGINT", "a whole number of 64 bits", _integer),
    "double": ("DOUBLE", "a finite number", _double),
    "boolean": ("BOOLEAN", "True or False", _boolean),
    "date": ("DATE", "a day (a date, or '2026-12-31')", _date),
    "timestamp": ("TIMESTAMP", "an instant (a datetime, or '2026-12-31T23:59:59Z')", _timestamp),
}


@dataclass(frozen=True)
class Parameter:
    """What a query takes: it reads `getvariable(name)` and falls back to `default`."""

    name: str
    type: str
    description: str
    default: object = None


@dataclass(frozen=True)
class PackagedQuery:
    """One question: its words, its parameters, its columns (name and meaning) and its SQL."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[tuple[str, str], ...]
    sql: str

    def bind(self, values: dict[str, object]) -> list[tuple[str, object]]:
        """The statements that set `values` as variables, each with its one value.

        Raises:
            UnknownParameter: the query has no such parameter.
            WrongValue: a value is of another type.
        """
        parameters = {parameter.name: parameter for parameter in self.parameters}
        statements = []
        for name, given in values.items():
            if name not in parameters:
                raise UnknownParameter(self.name, name, parameters)
            sql_type, words, read = _TYPES[parameters[name].type]
            value = read(given)
            if value is None:
                raise WrongValue(self.name, name, words, given)
            statements.append((f'SET VARIABLE "{name}" = CAST($1 AS {sql_type})', value))
        return statements

    def _repr_markdown_(self) -> str:
        lines = [f"**{self.title}** (`{self.name}`)", "", self.description.strip(), ""]
        lines += [f"- takes `{p.name}` ({p.type}, default {p.default!r}): {p.description}" for p in self.parameters]
        lines += [f"- `{column}`: {meaning}" for column, meaning in self.columns]
        return "\n".join(lines)


class Catalogue:
    """Every packaged query below a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.rglob("*.sql"))}

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def find(self, name: str) -> PackagedQuery:
        """The query of this name.

        Raises:
            UnknownQuery: there is none.
            BrokenQuery: the file's front matter can't be read.
        """
        if name not in self._paths:
            raise UnknownQuery(name, self._paths)
        return _read(self._paths[name])


def _read(path: Path) -> PackagedQuery:
    text = path.read_text(encoding="utf-8")
    head, closing, _ = text.partition(_CLOSING)
    if not head.lstrip().startswith(_OPENING) or not closing:
        raise BrokenQuery(path, f"it does not begin with a `{_OPENING} … {_CLOSING}` comment")
    try:
        front = tomllib.loads(head.lstrip().removeprefix(_OPENING))
        parameters = tuple(
            Parameter(each["name"], each["type"], each["description"], each.get("default"))
            for each in front.get("parameters", [])
        )
        columns = tuple((each["name"], each["description"]) for each in front.get("columns", []))
        title, description = front["title"], front["description"]
    except tomllib.TOMLDecodeError as error:
        raise BrokenQuery(path, str(error)) from error
    except KeyError as error:
        raise BrokenQuery(path, f"its front matter lacks {error}") from error
    for parameter in parameters:
        if parameter.type not in _TYPES or not _NAME.fullmatch(parameter.name):
            raise BrokenQuery(path, f"`{parameter.name}` is no parameter of a known type")
    # The comment stays: the file runs as it is.
    return PackagedQuery(path.stem, title, description, parameters, columns, text)
