"""models/mouth/evaluation/cost.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.mouth.evaluation.cost import macs, measure_cost
from models.mouth.evaluation.predictors import FIRST
from renderer.types import Samples

onnx = pytest.importorskip("onnx")


def network(path: Path, nodes: list[object], weights: dict[str, tuple[int, ...]], kind: int = 1) -> Path:
    helper = onnx.helper
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", 1, (1, 6, 8))],
        [helper.make_tensor_value_info("y", kind, None)],
        [onnx.numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), str(path))
    return path


def test_products_and_convolutions_are_counted_and_nothing_else(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Conv", ["x", "kernel"], ["seen"], group=2, kernel_shape=[3]),  # 4 channels of 6 places, 3 x 3
        node("Relu", ["seen"], ["kept"]),
        node("MatMul", ["kept", "matrix"], ["y"]),  # 4 x 5 sums of 6
    ]
    path = network(tmp_path / "n.onnx", nodes, {"kernel": (4, 3, 3), "matrix": (6, 5)})
    assert macs(path) == 4 * 6 * 9 + 4 * 5 * 6


def test_a_product_nobody_can_count_is_not_counted_as_nothing(tmp_path: Path) -> None:
    nodes = [onnx.helper.make_node("Einsum", ["x", "matrix"], ["y"], equation="abc,cd->abd")]
    with pytest.raises(SystemExit, match="Einsum"):
        macs(network(tmp_path / "n.onnx", nodes, {"matrix": (8, 5)}))


def test_the_first_network_costs_what_its_card_says(speech: Samples) -> None:
    cost = measure_cost(FIRST, speech)
    assert cost.mmac_per_second == pytest.approx(6.2, abs=0.3)
    assert cost.megabytes == pytest.approx(1.0, abs=0.05)
    assert cost.first_weights_ms == 160  # a tick of its own, and three ahead
    assert 0 < cost.median_ms <= cost.slowest_ms
