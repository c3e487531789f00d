"""What `carveout_notebooks` promises, with the database and the program that the environment names (CARVEOUT_…).

Usage: python -m unittest discover --start-directory tests/notebooks, with notebooks/ on PYTHONPATH.
"""

import datetime as dt
import io
import itertools
import os
import pathlib
import tempfile
import unittest
from unittest import mock

import duckdb
import polars as pl
from carveout_notebooks import (
    Catalogue,
    Freshness,
    Note,
    NotebookError,
    Picture,
    Table,
    bars,
    compare_scenarios,
    matrices,
    open_database,
    palette,
    table,
    timelines,
)
from carveout_notebooks.errors import (
    BrokenQuery,
    DatabaseMissing,
    DatabaseUnreadable,
    ProgramFailed,
    ProgramMissing,
    UnknownParameter,
    UnknownQuery,
    WrongValue,
)
from carveout_notebooks.shown import shortened
from PIL import Image

QUERIES = pathlib.Path(__file__).resolve().parents[2] / "queries"
PARAMETERS = """/* ---
title = "Parameters of every type"
description = "Gives back what it was given."

[[parameters]]
name = "check"
type = "text"
default = "nothing"
description = "A word that SQL reserves."

[[parameters]]
name = "number"
type = "integer"
description = "A whole number."

[[parameters]]
name = "share"
type = "double"
description = "A number."

[[parameters]]
name = "only"
type = "boolean"
description = "True or false."

[[parameters]]
name = "day"
type = "date"
description = "A day."

[[parameters]]
name = "instant"
type = "timestamp"
description = "An instant."
--- */
SELECT
    coalesce(getvariable('check'), 'nothing') AS "check",
    getvariable('number') AS number,
    getvariable('share') AS share,
    getvariable('only') AS only,
    getvariable('day') AS day,
    getvariable('instant') AS instant;
"""

# Vision without one kind of cone, on linear RGB: G. M. Machado et al., "A Physiologically-based Model for Simulation of
# Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
VISIONS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def linear(colour: str) -> list[float]:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    lights = sorted(sum(w * c for w, c in zip(weights, linear(each))) for each in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(rgb: list[float]) -> list[float]:
    """CIELAB of linear sRGB under D65."""
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in rgb)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in (x, y, z))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def apart(one: str, other: str, vision: tuple) -> float:
    """How far two colours are apart for this vision; about 2 can just be told."""
    seen = [lab([sum(w * c for w, c in zip(row, linear(colour))) for row in vision]) for colour in (one, other)]
    return sum((a - b) ** 2 for a, b in zip(*seen)) ** 0.5


class Queries(unittest.TestCase):
    def setUp(self) -> None:
        self.database = open_database()

    def given(self, sql: str):
        """The database, with one packaged query of our own."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        pathlib.Path(folder.name, "own.sql").write_text(sql, encoding="utf-8")
        return open_database(queries=folder.name)

    def test_every_packaged_query_can_be_described(self) -> None:
        names = self.database.queries()
        self.assertEqual(len(names), len(list(QUERIES.rglob("*.sql"))), "two files of one name")
        for name in names:
            self.assertTrue(self.database.describe(name).title, name)

    def test_every_packaged_question_answers_with_the_columns_that_it_declares(self) -> None:
        for path in sorted(QUERIES.rglob("*.sql")):
            if "evidence" in path.relative_to(QUERIES).parts[:1]:
                continue
            columns = [name for name, _ in self.database.describe(path.stem).columns]
            self.assertEqual(self.database.query(path.stem).columns, columns, path.stem)

    def test_values_of_every_type_reach_the_query(self) -> None:
        values = {
            "check": "it's",
            "number": -7,
            "share": 0.5,
            "only": False,
            "day": dt.date(2026, 12, 31),
            "instant": dt.datetime(2026, 12, 31, 23, 59),
        }
        self.assertEqual(self.given(PARAMETERS).query("own", **values).row(0, named=True), values)

    def test_days_and_instants_may_be_texts_and_instants_become_utc(self) -> None:
        row = self.given(PARAMETERS).query("own", day="2026-12-31", instant="2026-12-31T23:00:00-02:00")
        self.assertEqual(row["day"][0], dt.date(2026, 12, 31))
        self.assertEqual(row["instant"][0], dt.datetime(2027, 1, 1, 1, 0))

    def test_no_parameter_outlives_its_query(self) -> None:
        database = self.given(PARAMETERS)
        database.query("own", check="something")
        self.assertEqual(database.query("own")["check"][0], "nothing")

    def test_an_unknown_parameter_is_refused_with_the_near_miss_and_all_names(self) -> None:
        with self.assertRaises(UnknownParameter) as refused:
            self.database.query("evidence-of-party", parti="aws")
        self.assertIn("did you mean `party`?", str(refused.exception))
        with self.assertRaises(UnknownParameter) as refused:
            self.database.query("explained", party="aws")
        self.assertIn("it has none", str(refused.exception))

    def test_an_unknown_query_is_refused_with_the_near_miss(self) -> None:
        with self.assertRaises(UnknownQuery) as refused:
            self.database.query("third-partys")
        self.assertIn("did you mean `third-parties`?", str(refused.exception))

    def test_a_value_of_another_type_is_refused(self) -> None:
        database = self.given(PARAMETERS)
        wrong = {
            "check": 1,
            "number": True,
            "share": float("inf"),
            "only": "true",
            "day": dt.datetime(2026, 12, 31),
            "instant": "tomorrow",
        }
        for name, value in wrong.items():
            with self.subTest(name), self.assertRaises(WrongValue):
                database.query("own", **{name: value})
        with self.assertRaises(WrongValue):
            database.query("own", number=2**63)

    def test_a_file_without_front_matter_is_no_packaged_query(self) -> None:
        for sql in ("SELECT 1", "/* ---\ntitle = \n--- */", '/* ---\ntitle = "x"\n--- */', "/* --- "):
            with self.subTest(sql), self.assertRaises(BrokenQuery):
                self.given(sql).query("own")

    def test_own_questions_take_values(self) -> None:
        self.assertEqual(self.database.sql("SELECT $1 AS one, $2 AS two", 1, "x").row(0), (1, "x"))


class Files(unittest.TestCase):
    def test_nothing_can_be_written(self) -> None:
        with self.assertRaises(duckdb.Error):
            open_database().sql("CREATE TABLE inventory.mine AS SELECT 1")

    def test_a_missing_file_says_what_to_do(self) -> None:
        with self.assertRaises(DatabaseMissing) as refused:
            open_database("nowhere/at-all.duckdb")
        self.assertIn("carveout refresh", str(refused.exception))

    def test_another_file_is_refused(self) -> None:
        with self.assertRaises(DatabaseUnreadable):
            open_database(__file__)

    def test_a_relative_path_is_found_from_a_folder_below(self) -> None:
        database = pathlib.Path(os.environ["CARVEOUT_DATABASE"])
        with tempfile.TemporaryDirectory(dir=database.parent) as below:
            self.addCleanup(os.chdir, pathlib.Path.cwd())
            os.chdir(below)
            self.assertEqual(open_database(database.name).path, database.resolve())
            os.chdir(database.parent)

    def test_freshness_names_what_could_not_be_read(self) -> None:
        freshness = open_database().freshness()
        self.assertGreater(sum(freshness.gaps.values()), 0, "the demo has places that are denied")
        self.assertIn("could not be read", freshness._repr_markdown_())
        whole = Freshness(1, "complete", dt.datetime(2026, 1, 1), 10, 1, {})
        self.assertIn("Everything that was asked for could be read.", whole._repr_markdown_())


class Scenarios(unittest.TestCase):
    def setUp(self) -> None:
        self.database = open_database()

    def test_the_scenario_as_configured_is_what_the_run_sized(self) -> None:
        sized = compare_scenarios(self.database, {"type 1": {"report_type": "type1"}, "without": {"without": ["okta"]}})
        self.assertEqual(sized["scenario"].to_list(), ["as configured", "type 1", "without"])
        stored = self.database.sql("SELECT real_size, third_parties FROM scoping.sizing WHERE scenario = 'current'")
        self.assertEqual(sized.select("real_size", "third_parties").row(0), stored.row(0))
        self.assertLess(sized["hours_pert"][1], sized["hours_pert"][0], "a type 1 takes no samples over a period")
        self.assertEqual(sized["third_parties"][2], sized["third_parties"][0] - 1)

    def test_a_setting_that_no_scenario_has_is_refused_in_the_programs_words(self) -> None:
        with self.assertRaises(ProgramFailed) as refused:
            compare_scenarios(self.database, {"wrong": {"report_typ": "type1"}})
        self.assertIn("report_typ", str(refused.exception))

    def test_the_base_keeps_its_name(self) -> None:
        with self.assertRaises(NotebookError):
            compare_scenarios(self.database, {"asked": {}})

    def test_without_the_program_it_says_how_to_get_it(self) -> None:
        with (
            mock.patch.dict(os.environ, {"CARVEOUT_PROGRAM": "no-such-program"}),
            self.assertRaises(ProgramMissing) as e,
        ):
            compare_scenarios(self.database, {"type 1": {"report_type": "type1"}})
        self.assertIn("cargo install", str(e.exception))


class Shown(unittest.TestCase):
    ROWS = pl.DataFrame({"a": ["x", "y"], "b": [2, 1], "c": [1, 4], "d": ["shared", "assess"]})

    def pictures(self, frame: pl.DataFrame) -> dict[str, Picture | Note]:
        """One of each kind."""
        parts = {"b": (palette.BLUE, "b"), "c": (palette.PALE, "c")}
        common = {"unit": "units", "title": "A $title$", "otherwise": "There is nothing."}
        codes = {"code": "d", "codes": palette.TREATMENTS, "title": "A title", "otherwise": "There is nothing."}
        days = frame.select(
            pl.col("a").alias("label"),
            pl.lit("type2").alias("report_type"),
            pl.lit(dt.date(2026, 1, 1)).alias("speaks_from"),
            pl.lit(dt.date(2026, 6, 30)).alias("speaks_until"),
            pl.lit(None, dtype=pl.Date).alias("bridge_until"),
            pl.lit("current").alias("reliance"),
        )
        period = {"audit_start": dt.date(2026, 1, 1), "audit_end": dt.date(2026, 12, 31)}
        runs = frame.select(
            pl.col("b").alias("run_id"),
            pl.lit(dt.datetime(2026, 1, 1)).alias("finished_at"),
            *(pl.col("c").alias(name) for name in ("resources", "added", "changed", "removed")),
        )
        return {
            "stacked": bars.stacked(frame, label="a", parts=parts, end="d", **common),
            "diverging": bars.diverging(
                frame, label="a", right={"b": parts["b"]}, left={"c": (palette.ORANGE, "c")}, **common
            ),
            "ranges": bars.ranges(frame, label="a", low="b", middle="b", high="c", words=("mid", "range"), **common),
            "panels": bars.panels(
                frame, panel="a", label="d", value="b", colours={"x": parts["b"], "y": parts["b"]}, **common
            ),
            "coded": matrices.coded(frame, row="a", column="b", **codes),
            "counted": matrices.counted(frame, row="a", column="b", count="c", **common),
            "reports": timelines.reports(days, **period, title="A title", otherwise="There is nothing."),
            "runs": timelines.runs(runs, title="A title", otherwise="There is nothing."),
        }

    def test_every_picture_can_be_drawn_and_has_words_for_who_can_not_see_it(self) -> None:
        for name, picture in self.pictures(self.ROWS).items():
            with self.subTest(name):
                data, metadata = picture._repr_mimebundle_()
                self.assertGreater(len(metadata["image/png"]["alt"]), 20)
                self.assertEqual(data["text/plain"], picture.description)
                written = io.BytesIO()
                picture.figure.savefig(written, format="png")
                image = Image.open(written).convert("RGB")
                self.assertEqual(image.getpixel((0, image.height - 1)), (255, 255, 255), "on light paper")

    def test_without_rows_there_is_a_sentence_instead_of_a_picture(self) -> None:
        for name, shown in self.pictures(self.ROWS.clear()).items():
            self.assertEqual(shown, Note("There is nothing."), name)
        self.assertEqual(table(self.ROWS.clear(), otherwise="There is nothing."), Note("There is nothing."))

    def test_a_table_says_how_much_of_it_is_shown(self) -> None:
        shown = table(self.ROWS, rows=1)
        self.assertIsInstance(shown, Table)
        self.assertEqual(shown.caption, "the first 1 of 2 rows")
        self.assertIn("the first 1 of 2 rows", shown._repr_html_())

    def test_a_name_is_text_and_never_markup(self) -> None:
        hostile = "<script>alert(1)</script>"
        self.assertNotIn("<script>", table(pl.DataFrame({hostile: [hostile]}))._repr_html_())

    def test_what_is_not_known_is_an_empty_cell(self) -> None:
        html = table(pl.DataFrame({"a": [None], "b": [True], "c": [1234], "d": [["x", "y"]]}))._repr_html_()
        for cell in ('left"></td>', ">yes<", ">1,234<", ">x, y<"):
            self.assertIn(cell, html)

    def test_a_long_name_keeps_both_ends(self) -> None:
        cut = shortened("unknown-tenant-acce0000-0000-4000-8000-0000000f0001", 30)
        self.assertEqual(len(cut), 30)
        self.assertTrue(cut.startswith("unknown-tenant-") and cut.endswith("f0001"), cut)
        self.assertEqual(shortened("short"), "short")


class Colours(unittest.TestCase):
    def test_every_word_of_the_database_has_a_colour(self) -> None:
        database = open_database()
        words = {
            "SELECT DISTINCT treatment FROM scoping.obligations": palette.TREATMENTS,
            "SELECT DISTINCT owner FROM controls.responsibility": palette.OWNERS,
            "SELECT DISTINCT coalesce(opinion, 'no opinion') FROM parties.reports": palette.OPINIONS,
            "SELECT DISTINCT provider FROM inventory.resources": palette.CLOUDS,
            "SELECT DISTINCT service_model FROM inventory.resources": palette.SERVICE_MODELS,
            "SELECT DISTINCT change FROM inventory.resource_changes": palette.CHANGES,
            "SELECT DISTINCT relation_strength FROM parties.third_parties WHERE relation_strength IS NOT NULL": (
                palette.STRENGTHS
            ),
        }
        for statement, colours in words.items():
            self.assertLessEqual(set(database.sql(statement).to_series()), set(colours), statement)
        for name, column in (("report-coverage", "reliance"), ("third-parties", "report")):
            self.assertLessEqual(set(database.query(name)[column]), set(palette.RELIANCE), name)

    def test_letters_can_be_read_on_every_colour(self) -> None:
        for codes in (palette.TREATMENTS, palette.OWNERS, palette.CHECK_STATES, palette.OPINIONS):
            for word, (colour, *_) in codes.items():
                self.assertGreaterEqual(contrast(colour, palette.ink_on(colour)), 4.5, word)

    def test_the_colours_of_a_legend_stay_apart_for_people_without_one_kind_of_cone(self) -> None:
        legends = [
            palette.TREATMENTS,
            palette.OWNERS,
            palette.CHECK_STATES,
            palette.OPINIONS,
            palette.RELIANCE,
            palette.CLOUDS,
            palette.SERVICE_MODELS,
            palette.CHANGES,
        ]
        for legend, (vision, matrix) in itertools.product(legends, VISIONS.items()):
            colours = {colour for colour, *_ in legend.values()}
            for one, other in itertools.combinations(sorted(colours), 2):
                self.assertGreater(apart(one, other, matrix), 10, f"{one} and {other} with {vision}")

    def test_one_colour_stands_for_one_word(self) -> None:
        for legend in (palette.TREATMENTS, palette.OWNERS, palette.CHECK_STATES, palette.OPINIONS, palette.RELIANCE):
            colours = [colour for colour, *_ in legend.values()]
            self.assertEqual(len(colours), len(set(colours)), legend)


class CatalogueOfNothing(unittest.TestCase):
    def test_an_empty_folder_has_no_queries(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(list(Catalogue(pathlib.Path(folder))), [])


if __name__ == "__main__":
    unittest.main()
