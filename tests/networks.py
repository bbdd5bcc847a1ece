"""Tiny real networks for tests, put together as ONNX protobuf by hand.

Tests run where the package `onnx` is not installed; a network of four nodes needs none of it. Field
numbers are those of onnx/onnx.proto.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FLOAT = 1  # TensorProto.DataType.FLOAT


def lips_network(
    weights: int = 10, cells: int = 16, *, weights_name: str = "weights", not_a_number: bool = False
) -> bytes:
    """A lip network of some kilobytes: an ellipse of the picture that darkens as the mouth opens.

    The opening is 0.2 x jaw_drop + 0.6 x lip_gap (weights 0 and 1), limited to 0 ... 1; at weights 0 the
    picture stays as it is. Nothing is bent, and the inner window shows nothing of its own.
    """
    opening = np.zeros((weights, 1), np.float32)
    opening[:2, 0] = 0.2, 0.6
    y, x = (np.mgrid[:cells, :cells] + 0.5) / cells - 0.5
    darkening = np.zeros((1, 5, cells, cells), np.float32)
    darkening[0, 2:] = -0.45 * ((x / 0.32) ** 2 + (y / 0.22) ** 2 < 1)
    if not_a_number:
        darkening[:] = np.nan
    constants = {
        "by_weight": opening,
        "darkening": darkening,
        "nothing": np.zeros((1, 10, cells, cells), np.float32),
        "none": np.array(0, np.float32),
        "whole": np.array(1, np.float32),
    }
    nodes = [
        _node("MatMul", [weights_name, "by_weight"], "wide"),
        _node("Clip", ["wide", "none", "whole"], "open"),
        _node("Mul", ["open", "darkening"], "skin"),
        _node("Mul", ["open", "nothing"], "inner"),
    ]
    return _model(
        nodes,
        constants,
        inputs={weights_name: (1, weights)},
        outputs={"skin": (1, 5, cells, cells), "inner": (1, 10, cells, cells)},
    )


def _model(
    nodes: list[bytes],
    constants: dict[str, NDArray[np.float32]],
    inputs: dict[str, tuple[int, ...]],
    outputs: dict[str, tuple[int, ...]],
) -> bytes:
    graph = b"".join(
        [_bytes(1, node) for node in nodes]
        + [_bytes(2, b"graph")]
        + [_bytes(5, _tensor(name, value)) for name, value in constants.items()]
        + [_bytes(11, _value(name, shape)) for name, shape in inputs.items()]
        + [_bytes(12, _value(name, shape)) for name, shape in outputs.items()]
    )
    return _number(1, 7) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))  # IR 7, opset 13


def _node(operator: str, inputs: list[str], output: str) -> bytes:
    node = b"".join(_bytes(1, name.encode()) for name in inputs)
    return node + _bytes(2, output.encode()) + _bytes(4, operator.encode())


def _tensor(name: str, value: NDArray[np.float32]) -> bytes:
    sides = b"".join(_number(1, side) for side in value.shape)
    return sides + _number(2, _FLOAT) + _bytes(8, name.encode()) + _bytes(9, value.astype("<f4").tobytes())


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    sides = b"".join(_bytes(1, _number(1, side)) for side in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, sides)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
