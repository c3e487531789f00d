"""What a cell ends in: a table, a picture, or a sentence that says why there is neither."""

import base64
import datetime as dt
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path

import matplotlib
import polars as pl
from matplotlib.figure import Figure

from .palette import BLACK, GREY

_DOTS_PER_INCH = 96
# Twice as many pixels as are shown, for sharp text on dense screens.
_DENSITY = 2
# Longer texts of a cell are cut: the frame has them whole.
_LONGEST_TEXT = 160

_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": BLACK,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#dde2e8",
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # A dollar sign in a name is a dollar sign.
    "text.parse_math": False,
}


def styled() -> matplotlib.rc_context:
    """The look of every picture, and of nothing else: the notebook's own settings stay as they are."""
    return matplotlib.rc_context(_STYLE)


@dataclass(frozen=True)
class Note:
    """A sentence instead of rows: there are none, and that is an answer."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


class Picture:
    """A figure with the words that stand in for it where it can't be seen."""

    def __init__(self, figure: Figure, description: str) -> None:
        self.figure = figure
        self.description = description

    def save(self, path: str | Path) -> None:
        """Writes it as the file's name says: .png, .svg or .pdf."""
        with styled():
            self.figure.savefig(path, dpi=_DOTS_PER_INCH * _DENSITY)

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        buffer = io.BytesIO()
        with styled():
            self.figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH * _DENSITY)
        width = round(self.figure.get_figwidth() * _DOTS_PER_INCH)
        data = {"image/png": base64.b64encode(buffer.getvalue()).decode("ascii"), "text/plain": self.description}
        return data, {"image/png": {"width": width, "alt": self.description}}

    def __repr__(self) -> str:
        return self.description


class Table:
    """Rows for reading: the first of them, and how many there are."""

    def __init__(self, frame: pl.DataFrame, rows: int) -> None:
        self.frame = frame
        self._rows = rows

    @property
    def caption(self) -> str:
        """How much of it is shown."""
        shown, total = min(self._rows, self.frame.height), self.frame.height
        if total == 1:
            return "1 row"
        return f"{total:,} rows" if shown == total else f"the first {shown:,} of {total:,} rows"

    def _repr_html_(self) -> str:
        shown = self.frame.head(self._rows)
        aligned = ["right" if dtype.is_numeric() else "left" for dtype in shown.dtypes]
        head = "".join(
            f'<th style="text-align: {side}">{escape(name)}</th>' for name, side in zip(shown.columns, aligned)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align: {side}">{escape(_cell(value))}</td>' for value, side in zip(row, aligned)
            )
            + "</tr>"
            for row in shown.iter_rows()
        )
        return (
            f'<div class="carveout-table" data-rows="{self.frame.height}"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table><p>{escape(self.caption)}</p></div>"
        )

    def __repr__(self) -> str:
        with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
            return f"{self.frame.head(self._rows)}\n{self.caption}"


def _cell(value: object) -> str:
    """A value as a person reads it; what is not known is left empty."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            # Shares need their second digit, hours do not.
            return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"
        case list():
            return ", ".join(_cell(each) for each in value)
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def table(frame: pl.DataFrame, *, rows: int = 20, otherwise: str = "No rows.") -> Table | Note:
    """The first `rows` of it; the sentence `otherwise` where there is nothing."""
    return Table(frame, rows) if frame.height else Note(otherwise)


def shortened(text: str, length: int = 38) -> str:
    """Cut in the middle: raw ids differ at their ends."""
    if len(text) <= length:
        return text
    head = (length - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (length - 1 - head) :]}"
