"""Heat maps: things down, things across, one square for each pair, with a letter or a number in it."""

import polars as pl
from matplotlib import colormaps
from matplotlib.colors import PowerNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .palette import BLACK, GREY, WHITE, ink_on
from .shown import Note, Picture, shortened, styled

# A code with its colour, what stands in its squares, and the words for it.
Codes = dict[str, tuple[str, str, str]]

_MARGIN_INCHES = 0.9
# Where nothing is more than a few, nothing is dark.
_FEW = 10.0


def coded(
    frame: pl.DataFrame,
    *,
    row: str,
    column: str,
    code: str,
    codes: Codes,
    title: str,
    text: str | None = None,
    wide: bool = False,
    columns: list[str] | None = None,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """One square per row of the frame, coloured by its code; rows in the order in which they come, columns
    likewise or as `columns` has them.

    A square says the code's letter, or what the column `text` says. `wide` gives squares room for more than a letter.
    A pair that the frame does not have stays white: nothing is known of it.
    """
    if frame.is_empty():
        return Note(otherwise)
    squares = [
        (each[row], each[column], codes[each[code]][0], each[text] if text else codes[each[code]][1])
        for each in frame.iter_rows(named=True)
    ]
    used = [codes[name] for name in codes if name in frame[code].to_list()]
    legend = [
        Patch(facecolor=colour, edgecolor=GREY, linewidth=0.4, label=f"{letter}  {words}" if letter else words)
        for colour, letter, words in used
    ]
    picture = _drawn(squares, title, wide, legend, columns=columns)
    counts = frame[code].value_counts().rows()
    said = ", ".join(f"{count} {codes[name][2]}" for name, count in sorted(counts, key=lambda each: -each[1]))
    return Picture(picture, f"{title}. {frame[row].n_unique()} rows and {frame[column].n_unique()} columns: {said}.")


def counted(
    frame: pl.DataFrame,
    *,
    row: str,
    column: str,
    count: str,
    unit: str,
    title: str,
    columns: list[str] | None = None,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """One square per row of the frame, with its number in it, darker where there is more of it."""
    if frame.is_empty():
        return Note(otherwise)
    # Light to dark in one hue order that survives colour blindness and grey print; small counts stay apart.
    shades, norm = colormaps["Blues"], PowerNorm(0.5, vmin=0, vmax=max(float(frame[count].max()), _FEW))
    squares = [
        (each[row], each[column], to_hex(shades(0.08 + 0.87 * float(norm(each[count])))), f"{each[count]:,.0f}")
        for each in frame.iter_rows(named=True)
    ]
    picture = _drawn(squares, title, True, [], unit, columns)
    largest = frame.sort(count, descending=True).row(0, named=True)
    said = f"most at {largest[row]} and {largest[column]}: {largest[count]:,.0f}"
    return Picture(
        picture, f"{title}, in {unit}. {frame[row].n_unique()} rows, {frame[column].n_unique()} columns; {said}."
    )


def _drawn(
    squares: list[tuple[str, str, str, str]],
    title: str,
    wide: bool,
    legend: list[Patch],
    unit: str = "",
    columns: list[str] | None = None,
) -> Figure:
    rows = list(dict.fromkeys(row for row, *_ in squares))
    columns = columns or list(dict.fromkeys(column for _, column, *_ in squares))
    across, down = (0.62 if wide else 0.24), 0.24
    names_inches = 0.085 * max(len(shortened(str(name))) for name in rows)
    # Few columns leave room for a legend of long words.
    width = max(names_inches + across * len(columns) + 0.4, 7.0 if legend else 5.0)
    names = [shortened(str(name), 24) for name in columns]
    # A few wide columns have room for their names as they are read.
    level = wide and len(columns) <= 5 and max(len(name) for name in names) <= 18
    tallest = 0.1 if level else 0.062 * max(len(name) for name in names)
    with styled():
        figure = Figure(figsize=(width, down * len(rows) + tallest + _MARGIN_INCHES), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", size=11, weight="bold", color=BLACK)
        axes = figure.subplots()
        for row, column, colour, text in squares:
            x, y = columns.index(column), rows.index(row)
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor=WHITE, linewidth=1.2))
            if text:
                axes.text(x, y, text, ha="center", va="center_baseline", size=7.5, color=ink_on(colour))
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [shortened(str(name)) for name in rows])
        slant = {} if level else {"rotation": 60, "ha": "left", "rotation_mode": "anchor"}
        axes.set_xticks(range(len(columns)), names, **slant)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        if unit:
            axes.set_xlabel(unit)
        if legend:
            figure.legend(handles=legend, loc="outside lower left", ncols=2)
    return figure
