"""A carveout database, opened read-only."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from .errors import DatabaseMissing, DatabaseUnreadable
from .packaged import Catalogue, PackagedQuery

_REPOSITORY = Path(__file__).resolve().parents[2]
# Where `carveout demo` leaves its database.
_DEMO = Path("carveout-demo") / "acme.duckdb"

_LAST_RUN = """
    SELECT run_id, status, finished_at, resources
    FROM inventory.runs
    WHERE status IN ('complete', 'partial')
    ORDER BY run_id DESC
    LIMIT 1
"""
_SEALED_RUNS = "SELECT count(*) FROM inventory.runs WHERE status IN ('complete', 'partial')"
_GAPS = "SELECT status, count(*) FROM inventory.gaps GROUP BY status ORDER BY status"


def open_database(path: str | Path | None = None, queries: str | Path | None = None) -> "Database":
    """Opens a database read-only: `path`, else CARVEOUT_DATABASE, else the demo's beside the repository.

    A relative path is looked for here and upwards, because a notebook's kernel starts in the notebook's folder.
    `queries` is the folder of the packaged queries: else CARVEOUT_QUERIES, else the repository's.

    Raises:
        DatabaseMissing: there is no such file.
        DatabaseUnreadable: DuckDB can't read it.
    """
    wanted = Path(path or os.environ.get("CARVEOUT_DATABASE") or _DEMO)
    found = _upwards(wanted) or _REPOSITORY / wanted
    if not found.is_file():
        raise DatabaseMissing(wanted)
    try:
        # No extension is fetched on the way: what the queries need is built into DuckDB.
        connection = duckdb.connect(str(found), read_only=True, config={"autoinstall_known_extensions": "false"})
    except duckdb.Error as error:
        raise DatabaseUnreadable(found, str(error)) from error
    folder = Path(queries or os.environ.get("CARVEOUT_QUERIES") or _REPOSITORY / "queries")
    return Database(found.resolve(), connection, Catalogue(folder))


@dataclass(frozen=True)
class Freshness:
    """How old the last sealed run is and what it could not see."""

    run_id: int
    status: str
    finished_at: dt.datetime
    resources: int
    sealed_runs: int
    gaps: dict[str, int]

    def _repr_markdown_(self) -> str:
        hours = (dt.datetime.now(dt.UTC).replace(tzinfo=None) - self.finished_at).total_seconds() / 3600
        age = f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
        first = (
            f"**Run {self.run_id}** ended {self.finished_at:%Y-%m-%d %H:%M} UTC, {age} ago, as *{self.status}*: "
            f"{self.resources:,} resources. Sealed runs in this file: {self.sealed_runs}."
        )
        if not self.gaps:
            return first + "\n\nEverything that was asked for could be read."
        listed = ", ".join(f"{count} {status}" for status, count in self.gaps.items())
        return (
            f"{first}\n\n**{sum(self.gaps.values())} places could not be read** ({listed}). What they hold is unknown, "
            "not absent: no number below counts it as zero or as a pass."
        )

    def __repr__(self) -> str:
        return self._repr_markdown_()


class Database:
    """Answers questions; each on a cursor of its own, so that no parameter outlives its query."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
        self.path = path
        self._connection = connection
        self._catalogue = catalogue

    def query(self, name: str, **parameters: object) -> pl.DataFrame:
        """The rows of a packaged query.

        Raises:
            UnknownQuery: no packaged query has this name.
            UnknownParameter: the query has no such parameter.
            WrongValue: a value is of another type.
        """
        packaged = self._catalogue.find(name)
        cursor = self._connection.cursor()
        for statement, value in packaged.bind(parameters):
            cursor.execute(statement, [value])
        return pl.DataFrame(cursor.sql(packaged.sql))

    def sql(self, statement: str, *values: object) -> pl.DataFrame:
        """The rows of a statement of your own; `values` stand for `$1`, `$2` and so on."""
        return pl.DataFrame(self._connection.cursor().sql(statement, params=list(values)))

    def describe(self, name: str) -> PackagedQuery:
        """What a packaged query answers, takes and gives, and its SQL.

        Raises:
            UnknownQuery: no packaged query has this name.
        """
        return self._catalogue.find(name)

    def queries(self) -> list[str]:
        """The names of all packaged queries."""
        return list(self._catalogue)

    def freshness(self) -> Freshness:
        """What has to be known before anything else is read."""
        cursor = self._connection.cursor()
        run_id, status, finished_at, resources = cursor.execute(_LAST_RUN).fetchone()
        (sealed_runs,) = cursor.execute(_SEALED_RUNS).fetchone()
        gaps = dict(cursor.execute(_GAPS).fetchall())
        return Freshness(run_id, status, finished_at, resources, sealed_runs, gaps)

    def __repr__(self) -> str:
        return f"{self.path} (read-only, {len(self.queries())} packaged queries)"


def _upwards(path: Path) -> Path | None:
    here = Path.cwd()
    return next((folder / path for folder in (here, *here.parents) if (folder / path).is_file()), None)
