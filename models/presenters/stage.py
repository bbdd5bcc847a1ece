"""The stage: camera, light, backdrop, and what Cycles is told. Blender is used from here on."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """A long lens straight ahead, framing head and chest."""

    width: int = 1280
    height: int = 720
    target: tuple[float, float, float] = (0.0, -0.10, 0.735)
    """What the centre of the picture looks at, metres."""
    distance: float = 2.4
    """From lens to target; long enough for a natural perspective."""
    view_width: float = 0.87
    """Metres across the picture at the target: 9 cm between outer eye corners give about 125 px."""
    lens_mm: float = 85.0

    @property
    def position(self) -> Floats:
        """Where the lens is."""
        place: Floats = np.array(self.target) + np.array([0.0, -self.distance, 0.035])
        return place

    @property
    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors right, up and forward of the picture."""
        forward = np.array(self.target) - self.position
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        return right, np.cross(right, forward), forward

    def project(self, points: Floats) -> Floats:
        """World points (n, 3) -> picture positions (n, 2) in pixels, y downwards, and depth (n, 3)."""
        right, up, forward = self.axes
        arm = points - self.position
        depth = arm @ forward
        scale = self.width * self.distance / self.view_width
        x = self.width / 2 + scale * (arm @ right) / depth
        y = self.height / 2 - scale * (arm @ up) / depth
        return np.stack([x, y, depth], axis=-1)


def clear() -> None:
    """An empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)


def set_camera(camera: Camera) -> None:
    """Put the lens where the description says, focused on the eyes."""
    data = bpy.data.cameras.new("camera")
    holder = bpy.data.objects.new("camera", data)
    bpy.context.collection.objects.link(holder)
    holder.location = tuple(camera.position)
    forward = np.array(camera.target) - camera.position
    pitch = np.arctan2(forward[2], -forward[1] if forward[1] < 0 else forward[1])
    holder.rotation_euler = (np.pi / 2 + pitch, 0.0, 0.0)
    data.sensor_width = camera.lens_mm * camera.view_width / camera.distance
    data.lens = camera.lens_mm
    data.dof.use_dof = True
    data.dof.focus_distance = camera.distance - 0.03
    data.dof.aperture_fstop = 11.0
    bpy.context.scene.camera = holder


def add_light(
    name: str, at: tuple[float, float, float], to: tuple[float, float, float], size: tuple[float, float],
    power: float, colour: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> None:  # fmt: skip
    """A soft box."""
    data = bpy.data.lights.new(name, "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy = power
    data.color = colour
    light = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(light)
    light.location = at
    from mathutils import Vector

    light.rotation_euler = (Vector(to) - Vector(at)).to_track_quat("-Z", "Y").to_euler()


def set_lights() -> None:
    """A newsroom's light: broad key from his right, fill, two rims, and a wash on the backdrop."""
    face = (0.0, -0.08, 0.80)
    add_light("key", (-0.95, -1.75, 1.45), face, (0.9, 0.9), 31, (1.0, 0.96, 0.91))
    add_light("fill", (1.25, -1.6, 0.95), face, (1.2, 1.2), 8.5, (0.92, 0.96, 1.0))
    add_light("rim left", (0.85, 0.75, 1.35), (0.0, 0.0, 0.75), (0.35, 0.8), 10, (0.95, 0.97, 1.0))
    add_light("rim right", (-0.85, 0.75, 1.35), (0.0, 0.0, 0.75), (0.35, 0.8), 8, (1.0, 0.97, 0.94))
    add_light("eyes", (0.10, -2.6, 1.10), face, (0.22, 0.22), 3.0)
    world = bpy.data.worlds.new("studio")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.75, 0.85, 1.0, 1.0)
    background.inputs["Strength"].default_value = 0.12


def set_backdrop() -> None:
    """A plain wall that glows softly behind the head and falls off to the corners."""
    mesh = bpy.data.meshes.new("backdrop")
    mesh.from_pydata([(-4, 2, -3), (4, 2, -3), (4, 2, 4), (-4, 2, 4)], [], [[0, 1, 2, 3]])
    wall = bpy.data.objects.new("backdrop", mesh)
    bpy.context.collection.objects.link(wall)
    material = bpy.data.materials.new("backdrop")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    place = tree.nodes.new("ShaderNodeNewGeometry")
    away = tree.nodes.new("ShaderNodeVectorMath")
    away.operation = "DISTANCE"
    away.inputs[1].default_value = (0.1, 2.0, 0.78)
    tree.links.new(place.outputs["Position"], away.inputs[0])
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.interpolation = "B_SPLINE"
    ramp.color_ramp.elements[0].color = (0.088, 0.128, 0.165, 1)
    ramp.color_ramp.elements[1].color = (0.018, 0.028, 0.042, 1)
    reach = tree.nodes.new("ShaderNodeMath")
    reach.operation = "DIVIDE"
    reach.inputs[1].default_value = 1.25
    tree.links.new(away.outputs["Value"], reach.inputs[0])
    tree.links.new(reach.outputs[0], ramp.inputs[0])
    glow = tree.nodes.new("ShaderNodeEmission")
    glow.inputs["Strength"].default_value = 1.6
    tree.links.new(ramp.outputs[0], glow.inputs[0])
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(glow.outputs[0], out.inputs[0])
    mesh.materials.append(material)
    wall.visible_diffuse = False
    wall.visible_glossy = False


def set_cycles(camera: Camera, samples: int, threads: int) -> None:
    """Path tracing on the processor, few samples, denoised with albedo and normals as guides."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.seed = 7
    cycles.use_animated_seed = False
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.02
    cycles.adaptive_min_samples = max(4, samples // 4)
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "FAST"
    cycles.debug_bvh_type = "DYNAMIC_BVH"
    cycles.max_bounces = 4
    cycles.diffuse_bounces = 2
    cycles.glossy_bounces = 2
    cycles.transmission_bounces = 2
    cycles.transparent_max_bounces = 6
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 3.0
    scene.render.use_persistent_data = True
    scene.render.threads_mode = "FIXED"
    scene.render.threads = threads
    scene.render.resolution_x = camera.width
    scene.render.resolution_y = camera.height
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_depth = "16"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.35
