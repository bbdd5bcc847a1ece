"""Pictures of a judgement: what was filmed and what everybody said, and bars for the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from renderer.settings import FPS

from .clips import Clip
from .judge import Score
from .predictors import GAP, WIDTH, Mouth
from .visemes import STEP_MS, VISEMES

SECONDS = 16
"""A row of curves; longer clips go on in further rows."""

ROWS = 3
"""Rows drawn at most: 48 s."""

COLOURS = {
    "rendered": "tab:purple", "network": "tab:red", "first": "tab:blue", "phonemes": "tab:green",
    "loudness": "tab:orange",
}  # fmt: skip


def plot_clip(path: Path, clip: Clip, said: Mapping[str, Mouth], scores: Mapping[str, Score]) -> None:
    """Gap and width over time, the filmed ones moved by the clip's offset onto the sound."""
    pyplot = _pyplot()
    rows = min(ROWS, -(-len(clip.filmed) // (SECONDS * FPS)))
    figure, axes = pyplot.subplots(2 * rows, 1, figsize=(20, 5 * rows), squeeze=False)
    filmed = _moved(clip.filmed, -clip.offset.ticks)
    for row in range(rows):
        part = slice(row * SECONDS * FPS, (row + 1) * SECONDS * FPS)
        for axis, weight, label in zip(
            axes[2 * row : 2 * row + 2, 0], (GAP, WIDTH), ("lip_gap", "width"), strict=True
        ):
            time = np.arange(len(filmed))[part] / FPS
            axis.plot(time, filmed[part, weight], "k", linewidth=1.6, label="filmed")
            for name, mouth in said.items():
                mine = mouth[: len(filmed)][part, weight]
                if np.isfinite(mine).any():
                    thick = 1.4 if name in ("network", "rendered") else 0.7
                    axis.plot(time[: len(mine)], mine, COLOURS[name], linewidth=thick, label=name)
            axis.set_ylabel(label)
            if weight == GAP:
                _letter(axis, clip, part)
            axis.set_xlim(part.start / FPS, part.start / FPS + min(SECONDS, len(filmed) / FPS))
            axis.grid(alpha=0.3)
    offset = f"{clip.offset.ticks:+d}" if clip.offset.is_known else "not known"
    figures = "   ".join(f"{name} {one.gap:.2f} / {one.width:.2f}" for name, one in scores.items())
    axes[0, 0].set_title(f"{clip.name}   picture behind sound {offset}   gap / width: {figures}", fontsize=10)
    axes[0, 0].legend(loc="upper right", ncols=6, fontsize=8)
    axes[-1, 0].set_xlabel("seconds of sound")
    _save(figure, path)


def _moved(mouth: Mouth, ticks: int) -> Mouth:
    """So many ticks later; NaN where nothing is left."""
    moved = np.roll(mouth, ticks, axis=0)
    moved[len(moved) + ticks if ticks < 0 else 0 : None if ticks < 0 else ticks] = np.nan
    return moved


def _letter(axis: Any, clip: Clip, part: slice) -> None:
    """Write the recognised sounds under the curves; noises, which have no mouth, as a dot."""
    for first, end, sound in clip.sounds:
        middle = (first + end) / 2 * STEP_MS / 1000
        if part.start <= middle * FPS < part.stop and sound != "SIL":
            letters = sound.lower() if sound in VISEMES else "·"
            at = axis.get_xaxis_transform()  # x in seconds, y in heights of the axis
            axis.text(middle, 0.02, letters, transform=at, fontsize=7, ha="center", color="0.3")


def plot_groups(path: Path, medians: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """Bars by group of `medians`[group][predictor][figure]."""
    pyplot = _pyplot()
    figures = ("gap", "width", "lively", "closures", "touching", "strength")
    figure, axes = pyplot.subplots(len(figures), 1, figsize=(12, 3 * len(figures)), sharex=True)
    names: Sequence[str] = [
        name for name in COLOURS if any(name in predictors for predictors in medians.values())
    ]
    for axis, which in zip(axes, figures, strict=True):
        for number, name in enumerate(names):
            heights = [medians[group].get(name, {}).get(which, np.nan) for group in medians]
            places = np.arange(len(medians)) + (number - (len(names) - 1) / 2) * 0.8 / len(names)
            bars = axis.bar(places, heights, 0.75 / len(names), color=COLOURS[name], label=name)
            axis.bar_label(bars, fmt="%.2f", fontsize=7)
        axis.set_ylabel(which)
        axis.grid(axis="y", alpha=0.3)
    axes[0].legend(ncols=5)
    axes[-1].set_xticks(range(len(medians)), list(medians))
    _save(figure, path)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=70)
    _pyplot().close(figure)
