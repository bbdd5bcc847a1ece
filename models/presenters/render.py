"""Renders layers to a folder, one file each, skipping those that are there: stop and go on as you like."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import bpy

from . import stage
from .layers import Layer
from .person import Person
from .presenter import Presenter


def build(who: Presenter, samples: int, threads: int) -> Person:
    """Scene, light, camera and presenter."""
    stage.clear()
    stage.set_camera(who.camera)
    who.light()
    stage.set_cycles(who.camera, samples, threads)
    return Person(who)


def render_layer(person: Person, layer: Layer, path: Path, scale: float | None = None) -> None:
    """One layer, written whole or not at all; at its own scale, unless told otherwise."""
    scene, camera = bpy.context.scene, person.who.camera
    left, top, right, bottom = layer.box
    scene.render.use_border = True
    scene.render.use_crop_to_border = True
    scene.render.border_min_x, scene.render.border_max_x = left / camera.width, right / camera.width
    scene.render.border_min_y, scene.render.border_max_y = 1 - bottom / camera.height, 1 - top / camera.height
    scene.render.resolution_percentage = round(100 * (scale or layer.scale))
    scene.render.image_settings.color_depth = "8"
    person.pose(layer.units, layer.gaze, layer.opened)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}.png")
    scene.render.filepath = str(unfinished)
    with quiet():
        bpy.ops.render.render(write_still=True)
    unfinished.replace(path)


class quiet:
    """Blender prints a line for every picture; this holds its output back."""

    def __enter__(self) -> None:
        self._kept = os.dup(1)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)

    def __exit__(self, *_: object) -> None:
        os.dup2(self._kept, 1)
        os.close(self._kept)


def render_all(person: Person, layers: list[Layer], folder: Path, share: tuple[int, int] = (0, 1)) -> None:
    """Every layer of this process's share that is not in folder yet, with the time left."""
    folder.mkdir(parents=True, exist_ok=True)
    part, parts = share
    mine = [layer for k, layer in enumerate(layers) if k % parts == part]
    todo = [layer for layer in mine if not (folder / f"{layer.name}.png").exists()]
    begun = time.monotonic()
    for done, layer in enumerate(todo, start=1):
        path = folder / f"{layer.name}.png"
        if not path.exists():
            render_layer(person, layer, path)
            times = {"name": layer.name, "units": layer.units}
            path.with_suffix(".json").write_text(json.dumps(times))
        each = (time.monotonic() - begun) / done
        left = each * (len(todo) - done)
        ready = f"{len(mine) - len(todo) + done}/{len(mine)} {layer.name}"
        print(f"{ready} {each:.1f} s each, {left / 60:.0f} min left", flush=True)
