"""The stage: camera, light, backdrop, and what Cycles is told. Blender is used from here on."""

from __future__ import annotations

import bpy
import numpy as np

from . import materials
from .lens import Camera
from .nodes import Nodes
from .reception import LOW, SIZE, reception


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
    data.sensor_fit = "HORIZONTAL"
    data.lens = camera.lens_mm
    data.dof.use_dof = True
    data.dof.focus_distance = camera.distance + camera.focus
    data.dof.aperture_fstop = camera.stop
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


def set_studio(desk: float) -> None:
    """A bright reception: broad key, fill, rims, a desk, and a room out of focus far behind."""
    face = (0.0, -0.10, 0.66)
    add_light("key", (-0.95, -1.75, 1.35), face, (1.0, 1.0), 34, (1.0, 0.955, 0.905))
    add_light("fill", (1.25, -1.6, 0.85), face, (1.4, 1.4), 9, (0.95, 0.97, 1.0))
    add_light("rim left", (0.85, 0.75, 1.25), (0.0, 0.0, 0.60), (0.35, 0.8), 12, (0.95, 0.97, 1.0))
    add_light("rim right", (-0.85, 0.75, 1.25), (0.0, 0.0, 0.60), (0.35, 0.8), 10, (1.0, 0.97, 0.94))
    add_light("eyes", (0.10, -2.6, 0.90), face, (0.26, 0.26), 3.0)
    world = bpy.data.worlds.new("studio")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.85, 0.9, 1.0, 1.0)
    background.inputs["Strength"].default_value = 0.18
    set_view()
    mesh = bpy.data.meshes.new("desk")
    y0, y1, x, z0 = -0.95, -0.15, 2.0, desk - 0.5
    mesh.from_pydata(
        [(-x, y0, desk), (x, y0, desk), (x, y1, desk), (-x, y1, desk), (-x, y1, z0), (x, y1, z0)], [],
        [[0, 1, 2, 3], [3, 2, 5, 4]],
    )  # fmt: skip
    mesh.materials.append(materials.polished("desk", (0.10, 0.075, 0.058), 0.36))
    bpy.context.collection.objects.link(bpy.data.objects.new("desk", mesh))


def set_view() -> None:
    """The far wall with its picture, which lights nothing."""
    picture = reception()
    height, width = picture.shape[:2]
    image = bpy.data.images.new("view", width, height, float_buffer=True)
    image.colorspace_settings.name = "Non-Color"
    image.pixels.foreach_set(np.dstack([picture, np.ones((height, width))]).astype(np.float32).ravel())
    image.update()
    half, low = SIZE[0] / 2, LOW
    mesh = bpy.data.meshes.new("view")
    high = low + SIZE[1]
    mesh.from_pydata([(-half, 2, low), (half, 2, low), (half, 2, high), (-half, 2, high)], [], [[0, 1, 2, 3]])
    uv = mesh.uv_layers.new(name="uv")
    uv.data.foreach_set("uv", np.array([0, 0, 1, 0, 1, 1, 0, 1], dtype=np.float32))
    n = Nodes("view")
    colour = n.add("ShaderNodeTexImage", image=image, interpolation="Cubic").outputs[0]
    mesh.materials.append(n.finish(n.add("ShaderNodeEmission", {"Color": colour, "Strength": 1.0})))
    wall = bpy.data.objects.new("view", mesh)
    bpy.context.collection.objects.link(wall)
    wall.visible_diffuse = False
    wall.visible_glossy = False
