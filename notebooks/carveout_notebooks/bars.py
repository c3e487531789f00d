"""Horizontal bars: one line per thing, its name on the left, its parts in the order of the legend."""

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .palette import BLACK, BLUE, GREY, PALE
from .shown import Note, Picture, shortened, styled

# A column with the colour and the words for it.
Parts = dict[str, tuple[str, str]]

_WIDTH_INCHES = 9.5
_LINE_INCHES = 0.27
_BESIDE_LINES_INCHES = 1.1
_BAR = 0.74
_LIGHT_BLUE = "#a6cde3"


def stacked(
    frame: pl.DataFrame,
    *,
    label: str,
    parts: Parts,
    unit: str,
    title: str,
    end: str | None = None,
    length: int = 38,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """One bar per row, made of the columns named in `parts`, with its sum at the end, or what the column `end` says.

    Labels are cut to `length` characters.
    """
    if frame.is_empty():
        return Note(otherwise)
    with styled():
        figure, axes = _canvas(frame.height, title)
        left = [0.0] * frame.height
        for column, (colour, _) in parts.items():
            left = _segment(axes, left, [float(value or 0) for value in frame[column]], colour)
        ends = frame[end] if end else [f"{total:,.0f}" for total in left]
        for line, (words, total) in enumerate(zip(ends, left)):
            _number(axes, words, total, line)
        _finish(axes, frame[label], unit, left, length, room=1.2 if end else 1.12)
        if len(parts) > 1:
            _legend(figure, [_patch(look) for column, look in parts.items() if any(frame[column])])
    listed = "; ".join(f"{name} {total:,.0f}" for name, total in list(zip(frame[label], left))[:5])
    return Picture(figure, f"{title}. Bars in {unit}: {listed}{' and more' if frame.height > 5 else ''}.")


def diverging(
    frame: pl.DataFrame,
    *,
    label: str,
    right: Parts,
    left: Parts,
    unit: str,
    title: str,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """What came to the right of a line, what went to its left."""
    if frame.is_empty():
        return Note(otherwise)
    with styled():
        figure, axes = _canvas(frame.height, title)
        for parts, sign in ((right, 1), (left, -1)):
            ends = [0.0] * frame.height
            for column, (colour, _) in parts.items():
                ends = _segment(axes, ends, [sign * float(value or 0) for value in frame[column]], colour)
            for line, end in enumerate(ends):
                if end:
                    _number(axes, f"{abs(end):,.0f}", end, line, toward_right=sign > 0)
        axes.axvline(0, color=BLACK, linewidth=0.8)
        _finish(axes, frame[label], unit, None)
        axes.margins(x=0.1)
        _legend(figure, [_patch(look) for column, look in (left | right).items() if any(frame[column])])
    return Picture(
        figure, f"{title}. {frame.height} lines in {unit}, what came to the right and what went to the left."
    )


def ranges(
    frame: pl.DataFrame,
    *,
    label: str,
    low: str,
    middle: str,
    high: str,
    words: tuple[str, str],
    unit: str,
    title: str,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """A line from `low` to `high` with a dot at `middle`; `words` are the legend for the dot and for the line."""
    if frame.is_empty():
        return Note(otherwise)
    with styled():
        figure, axes = _canvas(frame.height, title)
        for line, (start, dot, end) in enumerate(zip(frame[low], frame[middle], frame[high])):
            axes.barh(line, end - start, 0.34, left=start, color=_LIGHT_BLUE)
            axes.plot([dot], [line], "o", color=BLUE, markersize=7)
            _number(axes, f"{dot:,.0f}  ({start:,.0f} to {end:,.0f})", max(end, dot), line)
        _finish(axes, frame[label], unit, [float(value) for value in frame[high]], room=1.35)
        dot = Line2D([], [], color=BLUE, marker="o", linestyle="", markersize=7, label=words[0])
        _legend(figure, [dot, Patch(color=_LIGHT_BLUE, label=words[1])])
    listed = "; ".join(f"{name} {dot:,.0f}" for name, dot in frame.select(label, middle).head(6).iter_rows())
    return Picture(figure, f"{title}. {words[0]} in {unit}: {listed}.")


def panels(
    frame: pl.DataFrame,
    *,
    panel: str,
    label: str,
    value: str,
    colours: Parts,
    unit: str,
    title: str,
    lines: int = 10,
    otherwise: str = "Nothing to show.",
) -> Picture | Note:
    """Beside one another, one panel per value of `panel`: its `lines` largest, each panel on a scale of its own."""
    if frame.is_empty():
        return Note(otherwise)
    shown = [name for name in colours if name in frame[panel].to_list()]
    with styled():
        figure = Figure(figsize=(_WIDTH_INCHES, lines * _LINE_INCHES + _BESIDE_LINES_INCHES), layout="constrained")
        _title(figure, title)
        for axes, name in zip(figure.subplots(1, len(shown), squeeze=False)[0], shown):
            colour, words = colours[name]
            part = frame.filter(pl.col(panel) == name).sort(value, label, descending=[True, False]).head(lines)
            values = [float(each) for each in part[value]]
            axes.barh(range(part.height), values, _BAR, color=colour)
            for line, width in enumerate(values):
                _number(axes, f"{width:,.0f}", width, line)
            _finish(axes, part[label], unit, values, length=30, room=1.22)
            axes.set_ylim(lines - 0.4, -0.6)
            axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
            axes.set_title(words, loc="left", size=10, color=BLACK)
    return Picture(figure, f"{title}. One panel each for {', '.join(colours[name][1] for name in shown)}, in {unit}.")


def _canvas(lines: int, title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH_INCHES, lines * _LINE_INCHES + _BESIDE_LINES_INCHES), layout="constrained")
    _title(figure, title)
    return figure, figure.subplots()


def _title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.01, ha="left", size=11, weight="bold", color=BLACK)


def _segment(axes: Axes, starts: list[float], widths: list[float], colour: str) -> list[float]:
    """Draws the next part of every bar and says where it ends. A pale part has an outline, to stand out from paper."""
    edge = {"edgecolor": GREY, "linewidth": 0.5} if colour == PALE else {}
    for line, (start, width) in enumerate(zip(starts, widths)):
        if width:
            axes.barh(line, width, _BAR, left=start, color=colour, **edge)
    return [start + width for start, width in zip(starts, widths)]


def _number(axes: Axes, words: str, end: float, line: int, toward_right: bool = True) -> None:
    axes.annotate(
        words,
        (end, line),
        (4 if toward_right else -4, 0),
        textcoords="offset points",
        va="center",
        ha="left" if toward_right else "right",
        color=GREY,
        size=8,
        # Over the grid, not through it.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )


def _patch(look: tuple[str, str]) -> Patch:
    colour, words = look
    return Patch(facecolor=colour, edgecolor=GREY if colour == PALE else colour, linewidth=0.5, label=words)


def _finish(
    axes: Axes, labels: pl.Series, unit: str, ends: list[float] | None, length: int = 38, room: float = 1.12
) -> None:
    axes.set_yticks(range(labels.len()), [shortened(str(name), length) for name in labels])
    axes.set_ylim(labels.len() - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(unit)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(9, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
    if ends is not None:
        # Room for the numbers at the ends.
        axes.set_xlim(0, max(*ends, 1) * room)


def _legend(figure: Figure, handles: list) -> None:
    figure.legend(handles=handles, loc="outside lower left", ncols=min(len(handles), 4))
