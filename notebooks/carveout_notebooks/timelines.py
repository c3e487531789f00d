"""Time from left to right: what reports speak for, and what refreshes found."""

import datetime as dt

import polars as pl
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .palette import BLACK, BLUE, CHANGES, GREY, PALE, RELIANCE, ink_on
from .shown import Note, Picture, shortened, styled

_WIDTH_INCHES = 9.5
_LINE_INCHES = 0.34
_BESIDE_LINES_INCHES = 1.7
_BAR = 0.62
_NAMED_RUNS = 12


def reports(
    frame: pl.DataFrame,
    *,
    audit_start: dt.date,
    audit_end: dt.date,
    title: str,
    otherwise: str = "No reports.",
) -> Picture | Note:
    """One line per report: a bar over a type 2's period, a diamond on a type 1's day, hatched where a letter bridges.

    Takes the columns of `report-coverage`: `label`, `report_type`, `speaks_from`, `speaks_until`, `bridge_until` and
    `reliance`. A report whose period is not known has a line without a bar, which says so.
    """
    if frame.is_empty():
        return Note(otherwise)
    with styled():
        figure = Figure(
            figsize=(_WIDTH_INCHES, frame.height * _LINE_INCHES + _BESIDE_LINES_INCHES), layout="constrained"
        )
        figure.suptitle(title, x=0.01, ha="left", size=11, weight="bold", color=BLACK)
        axes = figure.subplots()
        # The last day belongs to the period.
        day = dt.timedelta(days=1)
        axes.axvspan(audit_start, audit_end + day, color=PALE, zorder=0)
        seen, with_letter, with_type1 = set(), False, False
        for line, report in enumerate(frame.iter_rows(named=True)):
            reliance, start, end = report["reliance"], report["speaks_from"], report["speaks_until"]
            colour, _ = RELIANCE[reliance]
            if start is None or end is None:
                axes.text(audit_start, line, "period not known", va="center", size=8, color=GREY)
                continue
            seen.add(reliance)
            if report["report_type"] == "type1":
                with_type1 = True
                axes.plot([start], [line], "D", color=colour, markeredgecolor=BLACK, markeredgewidth=0.6, markersize=8)
            else:
                axes.barh(line, end + day - start, _BAR, left=start, color=colour, edgecolor=BLACK, linewidth=0.5)
                middle = start + (end - start) / 2
                axes.text(middle, line, f"until {end}", ha="center", va="center", size=7.5, color=ink_on(colour))
            if report["bridge_until"] is not None:
                with_letter = True
                axes.barh(
                    line,
                    report["bridge_until"] - end,
                    _BAR,
                    left=end + day,
                    facecolor="white",
                    edgecolor=BLACK,
                    linewidth=0.5,
                    hatch="////",
                )
        axes.set_yticks(range(frame.height), [shortened(name, 30) for name in frame["label"]])
        axes.set_ylim(frame.height - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        locator = AutoDateLocator(minticks=5, maxticks=12)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("date")
        legend = [
            Patch(facecolor=RELIANCE[name][0], edgecolor=BLACK, linewidth=0.5, label=RELIANCE[name][1])
            for name in RELIANCE
            if name in seen
        ]
        if with_letter:
            legend.append(
                Patch(
                    facecolor="white",
                    edgecolor=BLACK,
                    linewidth=0.5,
                    hatch="////",
                    label="bridge letter, as far as it says",
                )
            )
        if with_type1:
            legend.append(
                Line2D(
                    [],
                    [],
                    marker="D",
                    linestyle="",
                    color="white",
                    markeredgecolor=BLACK,
                    label="type 1: one day, no period",
                )
            )
        legend.append(Patch(color=PALE, label=f"audit period, {audit_start} to {audit_end}"))
        figure.legend(handles=legend, loc="outside lower left", ncols=4)
    said = "; ".join(f"{name} {reliance}" for name, reliance in frame.select("label", "reliance").iter_rows())
    return Picture(figure, f"{title}. Audit period {audit_start} to {audit_end}. {said}.")


def runs(frame: pl.DataFrame, *, title: str, otherwise: str = "No runs.") -> Picture | Note:
    """Two panels over the sealed runs: live resources, and what each run added, changed and removed.

    Takes the columns `run_id`, `finished_at`, `resources`, `added`, `changed` and `removed` of `inventory.runs`.
    """
    if frame.is_empty():
        return Note(otherwise)
    with styled():
        figure = Figure(figsize=(_WIDTH_INCHES, 4.4), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", size=11, weight="bold", color=BLACK)
        above, below = figure.subplots(2, 1, sharex=True)
        places = range(frame.height)
        # As many names and numbers as stay apart; the last run is always among them.
        named = [place for place in places if (frame.height - 1 - place) % (frame.height // _NAMED_RUNS + 1) == 0]
        counts = frame["resources"].to_list()
        above.plot(places, counts, "o-", color=BLUE)
        for place in named:
            words = f"{counts[place]:,}"
            above.annotate(
                words, (place, counts[place]), (0, 7), textcoords="offset points", ha="center", color=GREY, size=8
            )
        above.set_ylim(0, max(frame["resources"].max(), 1) * 1.25)
        above.set_ylabel("live resources")
        bottoms = {1: [0] * frame.height, -1: [0] * frame.height}
        for column, sign in (("added", 1), ("changed", 1), ("removed", -1)):
            heights = [sign * count for count in frame[column]]
            below.bar(places, heights, 0.5, bottom=bottoms[sign], color=CHANGES[column][0], edgecolor="white")
            bottoms[sign] = [bottom + height for bottom, height in zip(bottoms[sign], heights)]
        below.axhline(0, color=BLACK, linewidth=0.8)
        below.set_ylabel("resources changed")
        labels = [f"run {run}\n{at:%Y-%m-%d}" for run, at in frame.select("run_id", "finished_at").iter_rows()]
        below.set_xticks(named, [labels[place] for place in named])
        for axes in (above, below):
            axes.grid(axis="y")
            axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
        figure.legend(
            handles=[Patch(color=colour, label=words) for colour, words in CHANGES.values()],
            loc="outside lower left",
            ncols=3,
        )
    said = "; ".join(f"run {run}: {count:,}" for run, count in frame.select("run_id", "resources").iter_rows())
    return Picture(figure, f"{title}. Live resources: {said}.")
