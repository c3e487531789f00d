"""What can go wrong between a notebook and a database, one class per cause."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class NotebookError(Exception):
    """Whatever this package refuses; the message says what to do about it."""


class DatabaseMissing(NotebookError):
    """There is no database where one was looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"no database at {path}: run `carveout demo` or `carveout refresh`, and name the file in CARVEOUT_DATABASE"
        )
        self.path = path


class DatabaseUnreadable(NotebookError):
    """DuckDB can't open the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} can't be opened: {reason}")
        self.path = path


class BrokenQuery(NotebookError):
    """A file under `queries/` is no packaged query."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is no packaged query: {reason}")
        self.path = path


class UnknownQuery(NotebookError):
    """No packaged query has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no packaged query `{name}`{_hint(name, known)}")
        self.name = name


class UnknownParameter(NotebookError):
    """The query has no parameter of this name."""

    def __init__(self, query: str, name: str, known: Iterable[str]) -> None:
        known = list(known)
        listed = f"it has {', '.join(known)}" if known else "it has none"
        super().__init__(f"`{query}` has no parameter `{name}`{_hint(name, known)} ({listed})")
        self.query, self.name = query, name


class WrongValue(NotebookError):
    """A value is not of the parameter's type."""

    def __init__(self, query: str, name: str, expected: str, given: object) -> None:
        super().__init__(f"`{name}` of `{query}` has to be {expected}, and {given!r} is none")
        self.query, self.name = query, name


class ProgramMissing(NotebookError):
    """The program is needed and can't be found."""

    def __init__(self) -> None:
        super().__init__(
            "the `carveout` program is needed here and is not on the PATH: install it with "
            "`cargo install --path crates/carveout`, or name it in CARVEOUT_PROGRAM"
        )


class ProgramFailed(NotebookError):
    """The program ended with an error."""

    def __init__(self, arguments: Iterable[str], said: str) -> None:
        super().__init__(f"carveout {' '.join(arguments)} failed: {said.strip()}")


def _hint(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
