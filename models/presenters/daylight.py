"""Light as from a large window, for somebody who stands before a wall that is added afterwards."""

from __future__ import annotations

import bpy

from .stage import add_light


def set_daylight() -> None:
    """A broad key from his left, fill from the room, two rims; the film is transparent where nothing is."""
    face = (0.0, -0.10, 0.80)
    add_light("key", (1.05, -1.75, 1.60), face, (1.1, 1.1), 44, (1.0, 0.965, 0.925))
    add_light("fill", (-1.35, -1.7, 0.95), face, (1.5, 1.5), 8.5, (0.94, 0.97, 1.0))
    add_light("rim left", (0.95, 0.80, 1.45), (0.0, 0.0, 0.75), (0.35, 0.9), 13, (1.0, 0.98, 0.95))
    add_light("rim right", (-0.95, 0.80, 1.45), (0.0, 0.0, 0.75), (0.35, 0.9), 17, (0.93, 0.96, 1.0))
    add_light("eyes", (-0.10, -2.8, 1.05), face, (0.26, 0.26), 3.0)
    world = bpy.data.worlds.new("room")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.9, 0.95, 1.0, 1.0)
    background.inputs["Strength"].default_value = 0.16
    bpy.context.scene.render.film_transparent = True
