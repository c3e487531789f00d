"""Sizes scenarios with the `carveout` program: the rules of sizing are its, and have no second home here."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import polars as pl

from .database import Database
from .errors import NotebookError, ProgramFailed, ProgramMissing

_REPOSITORY = Path(__file__).resolve().parents[2]
_ENDS_WITHIN_SECONDS = 120
# The name that the program gives to the scenario that the workspace is configured for.
_BASE = "asked"

Setting = str | bool | int | list[str]


def compare_scenarios(database: Database, scenarios: dict[str, dict[str, Setting]]) -> pl.DataFrame:
    """One row for each scenario, first the workspace's own (`as configured`), one column for each measure.

    A scenario is what its file would say: `{"without": ["snowflake"]}`, `{"report_type": "type1"}`; see
    `carveout scope compare --help`. What it does not say is as configured.

    Raises:
        ProgramMissing: the program can't be found.
        ProgramFailed: the program refuses a scenario.
        NotebookError: a name can't be used, or the program did not end in time.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (name, settings) in enumerate(scenarios.items()):
            if name == _BASE or not name.strip():
                raise NotebookError(f"a scenario can't be called {name!r}")
            # What JSON writes for a text, a list of texts, a truth and a number is TOML too.
            lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in settings.items()]
            path = Path(folder) / f"{number}.toml"
            path.write_text(f"name = {json.dumps(name, ensure_ascii=False)}\n{''.join(lines)}", encoding="utf-8")
            files.append(str(path))
        rows = _run(database, "scope", "compare", *files, "--format", "json")
    measures = [row["measure"] for row in rows]
    columns = {"as configured": _BASE} | {name: name for name in scenarios}
    return pl.DataFrame(
        [{"scenario": shown} | {m: row[column] for m, row in zip(measures, rows)} for shown, column in columns.items()]
    )


def _run(database: Database, *arguments: str) -> list[dict]:
    # Beside the database, so that the workspace's own configuration is found.
    command = [_program(), "--quiet", "--database", str(database.path), *arguments]
    try:
        ran = subprocess.run(
            command, cwd=database.path.parent, capture_output=True, text=True, timeout=_ENDS_WITHIN_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotebookError(f"carveout has not ended after {_ENDS_WITHIN_SECONDS} seconds") from error
    if ran.returncode != 0:
        raise ProgramFailed(arguments, ran.stderr)
    return json.loads(ran.stdout)


def _program() -> str:
    named = os.environ.get("CARVEOUT_PROGRAM")
    built = _REPOSITORY / "target" / "release" / "carveout"
    found = named or shutil.which("carveout") or (str(built) if built.is_file() else None)
    if not found or not shutil.which(found):
        raise ProgramMissing
    return found
