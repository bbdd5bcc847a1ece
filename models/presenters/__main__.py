"""python -m models.presenters preview|render|footage|all NAME (see README.md)."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from .backdrops import BACKDROPS
from .human import Human
from .layers import Layer, key_frames, mouth_space, needed
from .milo import MILO
from .nora import NORA
from .performance import perform
from .presenter import Presenter
from .theo import THEO

PRESENTERS = {who.name: who for who in (NORA, THEO, MILO)}


def main() -> None:
    """Parse the words and do one step."""
    parser = argparse.ArgumentParser(prog="models.presenters", description=__doc__)
    parser.add_argument("step", choices=("preview", "render", "footage", "all"))
    parser.add_argument("name", choices=PRESENTERS)
    parser.add_argument("--out", type=Path, default=Path("presenter"), help="folder for layers and footage")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--samples", type=int, default=14, help="per pixel")
    parser.add_argument(
        "--body-samples", type=int, default=None, help="of the body; twice as many if not told"
    )
    parser.add_argument("--keys", type=int, default=None, help="mouths to render; more come closer to all")
    parser.add_argument(
        "--share", default="0/1", help="k/n: render only every n-th layer, to run n processes"
    )
    parser.add_argument("--size", type=float, default=1.0, help="preview: scale of the picture")
    parser.add_argument("--opened", type=float, default=0.0, help="preview: how far the hands are open")
    parser.add_argument(
        "--units", default="", help="preview: face units added, as jawOpen=0.3,mouthPucker=0.5"
    )
    parser.add_argument(
        "--behind",
        choices=BACKDROPS,
        help="what is behind somebody rendered before nothing",
    )
    parser.add_argument("--box", default="", help="preview: left,top,right,bottom of the picture's part")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    who = PRESENTERS[arguments.name]
    if arguments.behind:
        if who.behind is None:
            parser.error(f"--behind {arguments.behind}: {who.name}'s layers hold their own background")
        who = replace(who, name=f"{who.name}-{arguments.behind}", behind=BACKDROPS[arguments.behind])

    if arguments.step == "preview":
        preview(who, arguments)
        return
    from .voice import speak

    spoken = [speak(text, who.voice, who.words_per_minute, who.pitch) for text in who.text]
    show, starts = perform([phones for _, _, phones in spoken], who.plan)
    space = mouth_space(show, Human(who.shape))
    keys = key_frames(space, arguments.keys or who.keys)
    if arguments.step in ("render", "all"):
        render(who, arguments, needed(show, keys, who.rest, who.boxes))
    if arguments.step in ("footage", "all"):
        from .footage import assemble, soundtrack

        speech, rate = [samples for samples, _, _ in spoken], spoken[0][1]
        sound = soundtrack(speech, rate, starts, len(show.mouth))
        assemble(who, show, space, keys, sound, arguments.out)


def preview(who: Presenter, arguments: argparse.Namespace) -> None:
    """One frame, of the resting face unless told otherwise."""
    from . import render as drawing

    units = dict(who.rest)
    for word in filter(None, arguments.units.split(",")):
        unit, _, weight = word.partition("=")
        units[unit] = units.get(unit, 0.0) + float(weight)
    box = who.boxes.whole
    if arguments.box:
        left, top, right, bottom = (int(word) for word in arguments.box.split(","))
        box = (left, top, right, bottom)
    person = drawing.build(who, arguments.samples, arguments.threads)
    path = arguments.out / "preview.png"
    layer = replace(Layer("preview", box, units), opened=arguments.opened)
    drawing.render_layer(person, layer, path, arguments.size)
    if who.behind is not None:
        from .pictures import fill

        width, height, left, top = (
            round(arguments.size * side) for side in (who.camera.width, who.camera.height, *box[:2])
        )
        fill(path, who.behind(width, height)[top:, left:])
    print(path)


def render(who: Presenter, arguments: argparse.Namespace, layers: list[Layer]) -> None:
    """Every layer of this process's share, the body first."""
    import bpy

    from . import render as drawing

    part, parts = (int(word) for word in arguments.share.split("/"))
    person = drawing.build(who, arguments.samples, arguments.threads)
    folder = arguments.out / "layers"
    if part == 0:
        bpy.context.scene.cycles.samples = arguments.body_samples or 2 * arguments.samples
        drawing.render_all(person, layers[:1], folder)
        bpy.context.scene.cycles.samples = arguments.samples
    drawing.render_all(person, layers[1:], folder, (part, parts))


if __name__ == "__main__":
    main()
