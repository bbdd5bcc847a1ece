"""Files that are a mouth network, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.errors import NetworkError
from renderer.mouth import MouthNetwork

LOOK_AHEAD = 3
HELLO = Path(__file__).parents[1] / "examples" / "hello.opus"
SHARED = Path(__file__).parents[1].parent / "shared"


def write(path: Path, state: int = 4, after: int = 4, mel: int = 80, **notes: str) -> Path:
    helper = pytest.importorskip("onnx.helper")
    onnx = pytest.importorskip("onnx")

    def tensor(name: str, *shape: int) -> object:
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape))

    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["mean"], keepdims=1),
        helper.make_node("Reshape", ["mean", "shape"], ["voice"]),
        helper.make_node("Expand", ["voice", "ten"], ["weights"]),
        helper.make_node("Expand", ["voice", "after"], ["next_state"]),
        helper.make_node("ReduceSum", ["state"], ["unused"]),
    ]
    constants = [
        helper.make_tensor(name, onnx.TensorProto.INT64, [2], [1, size])
        for name, size in (("shape", 1), ("ten", 10), ("after", after))
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [tensor("mel", 1, 4, mel), tensor("state", 1, state)],
        [tensor("weights", 1, 10), tensor("voice", 1, 1), tensor("next_state", 1, after)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, notes)
    onnx.save(model, str(path))
    return path


def test_a_network_says_its_look_ahead_itself(tmp_path: Path) -> None:
    network = MouthNetwork.open(write(tmp_path / "x.onnx", look_ahead="2", mouth_space="1"))
    assert network.look_ahead == 2
    assert network.weights == 10


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({"mouth_space": "1"}, "look_ahead is missing, expected 0 to 3"),
        ({"mouth_space": "1", "look_ahead": "9"}, "look_ahead is 9, expected 0 to 3"),
        ({"mouth_space": "2", "look_ahead": "3"}, "mouth_space is 2, expected 1"),
        ({"mouth_space": "1", "look_ahead": "3", "after": 5}, "state of 4 numbers becomes 5"),
        ({"mouth_space": "1", "look_ahead": "3", "mel": 40}, r"'mel' is tensor\(float\) \[1, 4, 40\]"),
    ],
)
def test_a_wrong_network_gives_one_clear_error(
    tmp_path: Path, found: dict[str, str | int], message: str
) -> None:
    path = write(tmp_path / "wrong.onnx", **found)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match=message) as caught:
        MouthNetwork.open(path)
    assert "wrong.onnx" in str(caught.value)


def test_a_file_that_is_no_network_gives_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.onnx"
    path.write_bytes(b"")
    with pytest.raises(NetworkError, match=r"empty\.onnx is not a network"):
        MouthNetwork.open(path)
