"""What the lip network costs: as it ships, with more threads, and in eight bits where `onnx` is installed."""

from __future__ import annotations

import logging
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from renderer.kernels import draw_mouth
from renderer.network import open_network
from renderer.package.reader import Package, open_package

from .avatars import default_avatar
from .timing import time_call

OUTPUTS = ["skin", "inner"]

PICTURES = 24
"""Mouths compared for likeness."""


def run(quick: bool) -> list[dict[str, Any]]:
    """Milliseconds of a run, the size of the file, and the likeness to what the shipped network draws."""
    path, manifest = default_avatar()
    seconds = 0.2 if quick else 2.0
    with open_package(path) as package:
        original = package.read(manifest.lips.network)
        inputs = list(_inputs(package))
        networks = [("float32, one thread", original, 1), ("float32, two threads", original, 2)]
        networks += [(name, data, 1) for name, data in _quantised(original)]
        wanted = _drawn(package, original, inputs)
        rows = []
        for name, data, threads in networks:
            run_once = partial(open_network(data, threads).run, OUTPUTS, inputs[0])
            timing = time_call(run_once, seconds)
            error = float(np.mean((_drawn(package, data, inputs) - wanted) ** 2))
            rows.append(
                {
                    "name": name,
                    "best_ms": timing.best,
                    "median_ms": timing.median,
                    "kilobytes": len(data) / 1e3,
                    "psnr_db": None if error == 0 else 10 * float(np.log10(255**2 / error)),
                }
            )
    return rows


def _inputs(package: Package) -> Any:
    """Mouths at random within the person's limits."""
    mouth = package.manifest.mouth
    chance = np.random.default_rng(0)
    for _ in range(PICTURES):
        yield {"weights": chance.uniform(mouth.low, mouth.high).astype(np.float32)[None] * 0.5}


def _drawn(package: Package, network: bytes, inputs: list[Any]) -> Any:
    """What a player draws by these networks, over a reference instead of a clip's frame."""
    session, lips = open_network(network), package.manifest.lips
    cut = package.references(next(iter(package.manifest.variants)))
    references = np.zeros((*cut.shape[:3], 4), np.uint8)
    references[..., :3] = cut[..., ::-1]
    step = cut.shape[1] / lips.size
    place = np.array([[step, 0, step / 2 - 0.5], [0, step, step / 2 - 0.5]], np.float32)
    mouths = []
    for each in inputs:
        picture = references[0].copy()
        skin, inner = (field[0] for field in session.run(OUTPUTS, each))
        mask, window = package.mask(), lips.window
        draw_mouth(picture, skin, inner, mask, references, window, lips.size, place, 1.0)
        mouths.append(picture.astype(np.float32))
    return np.stack(mouths)


def _quantised(original: bytes) -> Any:
    """The network in eight bits by ONNX Runtime's own tool, which wants `onnx`."""
    try:
        import onnx
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError:
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "lips.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(original)
        logging.disable(logging.WARNING)  # it tells of every tensor it leaves as it is
        try:
            known = {"DefaultTensorType": onnx.TensorProto.FLOAT}  # where the tool cannot infer a type
            quantize_dynamic(source, target, weight_type=QuantType.QUInt8, extra_options=known)
            open_network(target)
        except Exception as error:  # whatever the tool cannot do is told, not hidden
            print(f"lips in eight bits: {str(error).splitlines()[0][:100]}")
            return
        finally:
            logging.disable(logging.NOTSET)
        yield "int8 weights (dynamic)", target.read_bytes()
