"""What hearing costs: time per tick, multiplications, bytes, and the sound heard before the first mouth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from renderer.features import FeatureExtractor
from renderer.mouth import MouthNetwork, MouthStream
from renderer.settings import ANALYSIS_RATE, FPS, TICK
from renderer.types import AudioChunk, Samples

PIECE = ANALYSIS_RATE // 100
"""Samples pushed at a time: 10 ms, as a live source gives them."""

ROUNDS = 20
"""Times every tick is measured; its best time counts, for other programs want the machine, too."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of features and network together, on one thread."""

    median_ms: float
    """Of a tick of 40 ms, by the clock on the wall."""

    slowest_ms: float
    """Ninety-ninth percentile of the ticks."""

    cpu_ms: float
    """Median of the thread's own time."""

    mmac_per_second: float
    """Multiplications and additions of the network for a second of speech, in millions."""

    megabytes: float
    first_weights_ms: float
    """Sound heard when the first frame of the mouth came out."""

    look_ahead_ms: float


def measure_cost(path: Path, samples: Samples) -> Cost:
    """Push speech at 16 kHz through features and network in pieces of 10 ms."""
    network = MouthNetwork.open(path)
    wall, own = np.min([_ticks(network, samples) for _ in range(ROUNDS)], axis=0)
    return Cost(
        median_ms=float(np.median(wall)),
        slowest_ms=float(np.percentile(wall, 99)),
        cpu_ms=float(np.median(own)),
        mmac_per_second=macs(path) * FPS / 1e6,
        megabytes=path.stat().st_size / 1e6,
        first_weights_ms=_first_weights(network, samples),
        look_ahead_ms=network.look_ahead * 1000 / FPS,
    )


def macs(path: Path) -> int:
    """Multiply-accumulates of one run of a network, counted in its matrix products and convolutions.

    Raises SystemExit for products of a kind it does not know.
    """
    import onnx

    model = onnx.shape_inference.infer_shapes(onnx.load(str(path)), strict_mode=True)
    graph = model.graph
    shapes = {one.name: tuple(one.dims) for one in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        shapes[value.name] = tuple(side.dim_value for side in value.type.tensor_type.shape.dim)
    total = 0
    for node in graph.node:
        if node.op_type in ("MatMul", "MatMulInteger", "QLinearMatMul"):
            total += prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]
        elif node.op_type == "Gemm":
            turned = any(one.name == "transA" and one.i for one in node.attribute)
            total += prod(shapes[node.output[0]]) * shapes[node.input[0]][0 if turned else 1]
        elif node.op_type in ("Conv", "ConvInteger", "QLinearConv"):
            kernel = shapes[node.input[3 if node.op_type == "QLinearConv" else 1]]
            total += prod(shapes[node.output[0]]) * prod(kernel[1:])
        elif node.op_type in ("GRU", "LSTM"):
            total += prod(shapes[node.input[1]]) + prod(shapes[node.input[2]])
        elif node.op_type in ("ConvTranspose", "RNN", "Einsum", "DynamicQuantizeLSTM", "Attention"):
            raise SystemExit(
                f"{path}: nobody taught models.mouth.evaluation.cost to count {node.op_type}; teach it"
            )
    return total


def _ticks(network: MouthNetwork, samples: Samples) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Milliseconds of every tick by the wall's clock and by the thread's own, shape (2, ticks)."""
    extractor, stream = FeatureExtractor(), MouthStream(network)
    spent = []
    for start in range(0, len(samples) - TICK + 1, TICK):
        wall, own = time.perf_counter_ns(), time.thread_time_ns()
        for at in range(start, start + TICK, PIECE):
            for features in extractor.push(AudioChunk(samples[at : at + PIECE], at)):
                for _ in stream.push(features):
                    pass
        spent.append((time.perf_counter_ns() - wall, time.thread_time_ns() - own))
    return np.array(spent, np.float64).T / 1e6


def _first_weights(network: MouthNetwork, samples: Samples) -> float:
    extractor, stream = FeatureExtractor(), MouthStream(network)
    for at in range(0, len(samples), PIECE):
        for features in extractor.push(AudioChunk(samples[at : at + PIECE], at)):
            for _ in stream.push(features):
                return (at + PIECE) * 1000 / ANALYSIS_RATE
    return float("nan")
