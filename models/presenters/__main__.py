"""python -m models.presenters preview|render|footage (see README.md)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import milo
from .human import Human
from .layers import Layer, key_frames, mouth_space, needed
from .performance import perform


def main() -> None:
    """Parse the words and do one step."""
    parser = argparse.ArgumentParser(prog="models.presenters", description=__doc__)
    parser.add_argument("step", choices=("preview", "render", "footage", "all"))
    parser.add_argument("--out", type=Path, default=Path("presenter"), help="folder for layers and footage")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--samples", type=int, default=14, help="per pixel; the body takes twice as many")
    parser.add_argument("--keys", type=int, default=30, help="mouths to render; more come closer to all")
    parser.add_argument(
        "--share", default="0/1", help="k/n: render only every n-th layer, to run n processes"
    )
    parser.add_argument("--size", type=float, default=1.0, help="preview: scale of the picture")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    if arguments.step == "preview":
        preview(arguments)
        return
    from .voice import speak

    samples, rate, phones = speak(milo.TEXT, milo.VOICE, milo.WORDS_PER_MINUTE, milo.PITCH)
    show = perform(phones, len(samples) / rate)
    space = mouth_space(show, Human(milo.SHAPE))
    keys = key_frames(space, arguments.keys)
    if arguments.step in ("render", "all"):
        render(arguments, needed(show, keys, milo.FRIENDLY, milo.BOXES))
    if arguments.step in ("footage", "all"):
        from .footage import assemble

        assemble(show, space, keys, samples, rate, arguments.out)


def preview(arguments: argparse.Namespace) -> None:
    """One frame of the resting face."""
    from . import render as drawing
    from .stage import Camera

    camera = Camera()
    person = drawing.build(milo.SHAPE, camera, arguments.samples, arguments.threads)
    path = arguments.out / "preview.png"
    layer = Layer("preview", milo.BOXES.whole, dict(milo.FRIENDLY))
    drawing.render_layer(person, camera, layer, path, arguments.size)
    print(path)


def render(arguments: argparse.Namespace, layers: list[Layer]) -> None:
    """Every layer of this process's share."""
    import bpy

    from . import render as drawing
    from .stage import Camera

    camera = Camera()
    part, parts = (int(word) for word in arguments.share.split("/"))
    person = drawing.build(milo.SHAPE, camera, arguments.samples, arguments.threads)
    folder = arguments.out / "layers"
    drawing.render_all(person, camera, layers[1:], folder, (part, parts))
    if part == 0:
        bpy.context.scene.cycles.samples = 2 * arguments.samples
        drawing.render_all(person, camera, layers[:1], folder)


if __name__ == "__main__":
    main()
