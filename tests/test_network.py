"""A network may be stopped from another thread, and only there."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from renderer.network import StoppableNetwork, open_network

onnx = pytest.importorskip("onnx")


def endless() -> bytes:
    """A network that multiplies matrices for hours."""
    from onnx import TensorProto, helper

    step = helper.make_graph(
        [
            helper.make_node("MatMul", ["matrix", "matrix"], ["next"]),
            helper.make_node("Identity", ["goes_on"], ["goes_on_out"]),
        ],
        "step",
        [
            helper.make_tensor_value_info("number", TensorProto.INT64, []),
            helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("matrix", TensorProto.FLOAT, [64, 64]),
        ],
        [
            helper.make_tensor_value_info("goes_on_out", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, [64, 64]),
        ],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["times", "", "matrix"], ["result"], body=step)],
        "endless",
        [
            helper.make_tensor_value_info("matrix", TensorProto.FLOAT, [64, 64]),
            helper.make_tensor_value_info("times", TensorProto.INT64, []),
        ],
        [helper.make_tensor_value_info("result", TensorProto.FLOAT, [64, 64])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def test_a_run_is_broken_off_in_its_thread_and_the_next_one_is_whole() -> None:
    network = StoppableNetwork(open_network(endless()))
    matrix = np.eye(64, dtype=np.float32)
    raised: list[Exception] = []

    def run() -> None:
        try:
            network.run(None, {"matrix": matrix, "times": np.array(2**60)})
        except Exception as error:  # onnxruntime's own, private class
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert thread.ident is not None
    while thread.is_alive():  # the first try may come before it runs
        network.stop(thread.ident)
        network.stop(threading.get_ident())
        thread.join(0.01)
    assert "terminate" in str(raised[0])
    found: list[Any] = network.run(["result"], {"matrix": matrix, "times": np.array(3)})
    assert found[0] == pytest.approx(matrix)
