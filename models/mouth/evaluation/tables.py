"""The figures of many clips, in few: medians of a group, and tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .clips import Clip, Unjudged
from .judge import NEAR, Score
from .predictors import BASELINES

ORDER = ("rendered", "network", *BASELINES)

Scores = Mapping[str, Score]
"""What every predictor reaches in one clip."""


def medians(rows: Sequence[Scores]) -> dict[str, dict[str, float]]:
    """For every predictor the median of its figures over the clips; closures and touching as shares of all
    closures of the group, in_time as the share of clips whose best lag is within ±40 ms of their offset."""
    found = {}
    for name in (one for one in ORDER if one in rows[0]):
        scores = [row[name] for row in rows]
        every = sum(one.closures[1] for one in scores)
        figures = {
            which: _median([getattr(one, which) for one in scores])
            for which in ("gap", "width", "speaking", "lively", "wrongly_shut", "still", "strength")
        }
        figures["in_time"] = float(np.mean([abs(one.lag) <= NEAR for one in scores]))
        figures["closures"] = sum(one.closures[0] for one in scores) / every if every else np.nan
        figures["touching"] = sum(one.touching for one in scores) / every if every else np.nan
        figures["all_closures"] = float(every)
        found[name] = figures
    return found


def clip_table(judged: Sequence[tuple[Clip, Scores]], unjudged: Sequence[Unjudged]) -> str:
    """A line for every clip: offset, then gap and width of every predictor, then the judged mouth's rest."""
    if not judged:
        return "\n".join(_reason(one) for one in unjudged)
    names = [name for name in ORDER if name in judged[0][1]]
    wide = "".join(f"{name[:5]:>6}" for name in names)
    slim = "".join(f"{name[:5]:>6}" for name in names if name != "loudness")
    lines = [
        f"{'':26}{'':7} {'gap, in time':{len(wide)}}  {'width':{len(slim)}}  of {names[0]}",
        f"{'clip':26}{'offset':>7} {wide}  {slim}  {'lag':>3} {'speak':>5} {'live':>5} "
        f"{'closed':>7} {'touch':>5} {'wrong':>5} {'still':>5} {'strength':>8}",
    ]
    for clip, scores in judged:
        one = scores[names[0]]
        offset = f"{clip.offset.ticks:+d}" if clip.offset.is_known else "0 ?"
        lines.append(
            f"{clip.name[:26]:26}{offset:>7} "
            + "".join(_r(scores[name].gap) for name in names)
            + "  "
            + "".join(_r(scores[name].width) for name in names if name != "loudness")
            + f"  {one.lag:+3d}{_r(one.speaking)}{_r(one.lively)}"
            + f" {one.closures[0]:3d}/{one.closures[1]:<3d} {one.touching:5d}{_r(one.wrongly_shut)}"
            + f"{_r(one.still)} {_r(one.strength):>8}"
        )
    return "\n".join([*lines, *(_reason(one) for one in unjudged)])


def group_table(group: str, clips: int, found: Mapping[str, Mapping[str, float]]) -> str:
    """A line for every predictor: the medians of a group."""
    lines = [
        f"{group}, {clips} clips, medians",
        f"  {'':10}{'gap':>6}{'width':>6}{'speak':>6}{'live':>6}{'in time':>8}{'closed':>7}{'touch':>6}"
        f"{'wrong':>6}{'still':>6}{'strength':>9}",
    ]
    for name, one in found.items():
        lines.append(
            f"  {name:10}"
            + "".join(_r(one[which]) for which in ("gap", "width", "speaking", "lively"))
            + f"{one['in_time']:8.2f}{_r(one['closures']):>7}"
            + "".join(_r(one[which]) for which in ("touching", "wrongly_shut", "still"))
            + f"{_r(one['strength']):>9}"
        )
    return "\n".join(lines)


def _reason(one: Unjudged) -> str:
    return f"{one.name[:26]:26} not judged: {one.reason}"


def _r(value: float) -> str:
    return f"{value:6.2f}" if np.isfinite(value) else f"{'-':>6}"


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")
