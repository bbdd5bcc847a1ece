"""Judge a mouth network by people on film: python -m models.mouth.evaluate [FOLDER ...] [--rendered].

The sound of every film goes through renderer.features and renderer.mouth as an avatar hears it; what comes
out is compared with what was filmed, next to three baselines measured in the same run. With --rendered an
avatar is drawn as well, and the lips in its pictures are measured like the filmed ones. README.md beside this
file says what the columns mean.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from renderer.audio import load_sound
from renderer.avatar import Avatar
from renderer.mouth import MouthNetwork
from renderer.resources import mouth_network
from renderer.settings import ANALYSIS_RATE

from .corpus.recordings import DATA, WORK, sound
from .evaluation.clips import Clip, Group, Unjudged, clips, groups
from .evaluation.cost import measure_cost
from .evaluation.curves import plot_clip, plot_groups
from .evaluation.judge import Score, score
from .evaluation.predictors import Mouth, drawn, speak
from .evaluation.rendered import open_with, rendered
from .evaluation.tables import clip_table, group_table, medians
from .quiet import judge as quiet
from .quiet import share

HEARD_RATE = 48_000
"""Samples a second of the sound an avatar is rendered with."""

EXAMPLE = Path(__file__).parents[2] / "examples" / "hello.opus"
"""Speech on which cost is measured."""

MANY = 20
"""Clips from which on a group's own line is enough; --json has them all."""

PLOTTED = 12
"""Clips of a group that are drawn."""


def main() -> None:
    """Print a table per group."""
    options = _options()
    network = MouthNetwork.open(options.network)
    report: dict[str, Any] = {"network": str(options.network), "groups": {}}
    if options.cost:
        report["cost"] = asdict(measure_cost(options.network, load_sound(EXAMPLE, ANALYSIS_RATE)))
        print("\n".join(f"{name:18} {value:8.3f}" for name, value in report["cost"].items()))
        return _keep(report, options.json)
    if options.quiet_minutes:
        shut = share(quiet(network, options.quiet_minutes))
        print(f"lips shut in {100 * shut:.1f} % of {options.quiet_minutes:g} minutes without speech\n")
        report["shut without speech"] = shut
    avatar = open_with(options.network, options.avatar) if options.rendered else None
    if avatar is not None:
        report["avatar"] = avatar.manifest.id
    for group in groups(options.folders, options.data, options.work):
        judged, unjudged = _judge(group, network, avatar, options)
        if judged and (len(judged) < MANY or options.all):
            print(clip_table(judged, unjudged), "\n")
        elif unjudged:
            print(clip_table([], unjudged), "\n")
        if not judged:
            hint = "" if group.recordings else "; python -m models.mouth.corpus.measure finds its landmarks"
            print(f"{group.name}: nothing to judge by{hint if group.only is not None else ''}\n")
            continue
        found = medians([scores for _, scores in judged])
        print(group_table(group.name, len(judged), found), "\n", flush=True)
        report["groups"][group.name] = {
            "medians": found,
            "clips": {clip.name: _figures(clip, scores) for clip, scores in judged},
            "not judged": {one.name: one.reason for one in unjudged},
        }
    if avatar is not None:
        avatar.close()
    if options.plot and report["groups"]:
        plot_groups(
            options.plot / "groups.png", {name: one["medians"] for name, one in report["groups"].items()}
        )
    return _keep(report, options.json)


def _judge(
    group: Group, network: MouthNetwork, avatar: Avatar | None, options: argparse.Namespace
) -> tuple[list[tuple[Clip, dict[str, Score]]], list[Unjudged]]:
    judged: list[tuple[Clip, dict[str, Score]]] = []
    unjudged = []
    ready = list(clips(group, options.work / "phonemes"))
    terminal = Console(stderr=True)
    shown = track(ready, group.name, console=terminal, transient=True, disable=not terminal.is_terminal)
    for clip in shown:
        if isinstance(clip, Unjudged):
            unjudged.append(clip)
            continue
        said: dict[str, Mouth] = {}
        if avatar is not None:
            said["rendered"] = rendered(avatar, sound(clip.path, HEARD_RATE), HEARD_RATE)
        said |= {"network": drawn(speak(network, clip.samples)[0]), **clip.said}
        scores = {name: score(mouth, clip.filmed, clip.level, clip.offset) for name, mouth in said.items()}
        if options.plot and len(judged) < PLOTTED:
            plot_clip(options.plot / f"{group.name}-{clip.name}.png", clip, said, scores)
        judged.append((clip, scores))
    return judged, unjudged


def _figures(clip: Clip, scores: dict[str, Score]) -> dict[str, Any]:
    return {
        "seconds": len(clip.samples) / ANALYSIS_RATE,
        "offset": asdict(clip.offset),
        "scores": {name: asdict(one) for name, one in scores.items()},
    }


def _keep(report: dict[str, Any], path: Path | None) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_plain(report), indent=1, allow_nan=False) + "\n")


def _plain(figures: Any) -> Any:
    """The same with null for what is not known: JSON has no NaN."""
    if isinstance(figures, dict):
        return {name: _plain(one) for name, one in figures.items()}
    if isinstance(figures, (list, tuple)):
        return [_plain(one) for one in figures]
    return None if isinstance(figures, float) and not isfinite(figures) else figures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="of talking films; default: av/* of --data")
    parser.add_argument("--network", type=Path, default=mouth_network())
    parser.add_argument("--rendered", action="store_true", help="judge an avatar's rendered lips as well")
    parser.add_argument("--avatar", help="name or path of the avatar to render; default: the shipped one")
    parser.add_argument("--cost", action="store_true", help="measure what hearing costs instead")
    parser.add_argument("--quiet-minutes", type=float, help="also count shut lips in sounds without speech")
    parser.add_argument("--all", action="store_true", help="a line for every clip of large groups, too")
    parser.add_argument("--plot", type=Path, help="folder for pictures of curves, and bars of the groups")
    parser.add_argument("--json", type=Path, help="file for every figure")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK, help="where measurements are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
