"""A short way to write shader node trees: every method adds a node and returns its output socket."""

from __future__ import annotations

from typing import Any

import bpy

Colour = tuple[float, float, float]
Value = Any
"""A socket, or a plain number, colour or vector to set as the input's default."""


class Nodes:
    """The node tree of one new material."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def add(self, kind: str, inputs: dict[str | int, Value] | None = None, **settings: Value) -> Any:
        """Add a node, set its properties, connect or set its inputs; returns the node."""
        node = self.tree.nodes.new(kind)
        for setting, value in settings.items():
            setattr(node, setting, value)
        for key, value in (inputs or {}).items():
            self._feed(node.inputs[key], value)
        return node

    def _feed(self, socket: Any, value: Value) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and socket.type == "RGBA" and len(value) == 3:
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    def attribute(self, name: str) -> Any:
        """The mesh attribute's node; use its outputs Fac, Color or Vector."""
        return self.add("ShaderNodeAttribute", attribute_name=name)

    def math(self, operation: str, a: Value, b: Value = 0.0, clamp: bool = False) -> Any:
        """Scalar arithmetic."""
        return self.add("ShaderNodeMath", {0: a, 1: b}, operation=operation, use_clamp=clamp).outputs[0]

    def scale(self, vector: Value, by: tuple[float, float, float]) -> Any:
        """A vector times a vector, component by component."""
        return self.add("ShaderNodeVectorMath", {0: vector, 1: by}, operation="MULTIPLY").outputs[0]

    def noise(self, vector: Value, scale: float, detail: float = 3.0, roughness: float = 0.55) -> Any:
        """Fractal noise around 0.5."""
        inputs: dict[str | int, Value] = {
            "Vector": vector, "Scale": scale, "Detail": detail, "Roughness": roughness,
        }  # fmt: skip
        return self.add("ShaderNodeTexNoise", inputs).outputs[0]

    def cells(self, vector: Value, scale: float, randomness: float = 1.0) -> Any:
        """Distance to the nearest cell centre."""
        inputs: dict[str | int, Value] = {"Vector": vector, "Scale": scale, "Randomness": randomness}
        return self.add("ShaderNodeTexVoronoi", inputs).outputs["Distance"]

    def ramp(self, value: Value, low: float, high: float, to_low: float = 0.0, to_high: float = 1.0) -> Any:
        """A smooth, clamped step from (low, to_low) to (high, to_high)."""
        inputs: dict[str | int, Value] = {0: value, 1: low, 2: high, 3: to_low, 4: to_high}
        return self.add("ShaderNodeMapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def mix(self, share: Value, a: Value, b: Value, blend: str = "MIX") -> Any:
        """Colour a where share is 0, b where it is 1."""
        node = self.add("ShaderNodeMix", data_type="RGBA", blend_type=blend)
        self._feed(node.inputs[0], share)
        self._feed(node.inputs[6], a)
        self._feed(node.inputs[7], b)
        return node.outputs[2]

    def bump(self, height: Value, distance: float, strength: float = 1.0, normal: Value = None) -> Any:
        """A normal from a height in units of distance (metres)."""
        inputs: dict[str | int, Value] = {"Height": height, "Distance": distance, "Strength": strength}
        if normal is not None:
            inputs["Normal"] = normal
        return self.add("ShaderNodeBump", inputs).outputs[0]

    def picture(self, path: str) -> Any:
        """A grey picture in the mesh's texture coordinates."""
        image = bpy.data.images.load(path, check_existing=True)
        image.colorspace_settings.name = "Non-Color"
        return self.add("ShaderNodeTexImage", image=image).outputs[0]

    def finish(self, shader: Any) -> bpy.types.Material:
        """Connect the shader node's first output to the surface and return the material."""
        self.add("ShaderNodeOutputMaterial", {"Surface": shader.outputs[0]})
        return self.material
