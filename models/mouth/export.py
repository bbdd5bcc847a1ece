"""Write a trained network as mouth.onnx: python -m models.mouth.export --name mouth.

Inputs: mel (1, 4, 80) and state (1, S), zeros at the start of an utterance. Outputs: weights (1, 10) and
voice (1, 1), the probability of speech, both for the tick `look_ahead` ticks ago, and next_state (1, S).
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch

from renderer.features import BANDS, COLUMNS
from renderer.mouth import MOUTH_SPACE, MouthNetwork
from renderer.studio.mouthspace import WEIGHTS

from .corpus.recordings import WORK
from .network import LOOK_AHEAD, Network, load
from .tick import Tick

OPSET = 17
LARGE = 1000
"""Numbers in a table from which half precision is worth a node."""

HERE = Path(__file__).parent


def export(network: Network, path: Path, about: str) -> None:
    """Write the network, with what a reader must know in its metadata, and check that both agree."""
    half = path.with_suffix(".part.onnx")
    example = (torch.zeros(1, COLUMNS, BANDS), network.silence(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's remarks on fixed sizes, which are meant
        torch.onnx.export(
            Tick(network),
            example,
            str(half),
            input_names=["mel", "state"],
            output_names=["weights", "voice", "next_state"],
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(str(half))
    halve(model.graph)
    for key, value in {
        "look_ahead": str(LOOK_AHEAD),
        "mouth_space": str(MOUTH_SPACE),
        "weights": " ".join(WEIGHTS),
        "about": about,
    }.items():
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model)
    onnx.save(model, str(half))
    _compare(network, MouthNetwork.open(half))
    half.replace(path)


def halve(graph: onnx.GraphProto) -> None:
    """Keep large tables in half precision, half the size; ONNX Runtime widens them once, when it opens."""
    tables = [one for one in graph.initializer if one.data_type == onnx.TensorProto.FLOAT and large(one)]
    for table in tables:
        numbers = onnx.numpy_helper.to_array(table).astype(np.float16)
        kept = onnx.numpy_helper.from_array(numbers, f"{table.name}_half")
        graph.initializer.remove(table)
        graph.initializer.append(kept)
        widened = onnx.helper.make_node("Cast", [kept.name], [table.name], to=onnx.TensorProto.FLOAT)
        graph.node.insert(0, widened)


def large(table: onnx.TensorProto) -> bool:
    return int(np.prod(table.dims)) >= LARGE


def _compare(network: Network, exported: MouthNetwork) -> None:
    mel = torch.randn(1, 20, COLUMNS * BANDS, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = network(mel, network.silence(1)).mouth[0].numpy()
    state = exported.start()
    for tick in range(20):
        weights, _, state = exported.step(mel[0, tick].reshape(COLUMNS, BANDS).numpy(), state)
        if np.abs(weights - expected[tick]).max() > 0.01:
            raise SystemExit(f"tick {tick}: the exported network says {weights}, not {expected[tick]}")


def main() -> None:
    """Export a run of models.mouth.train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--name", default="mouth", help="of the run")
    parser.add_argument("--about", default="audio to mouth weights", help="one line for the metadata")
    parser.add_argument("--output", type=Path, default=HERE / "mouth.onnx")
    options = parser.parse_args()
    export(load(options.work / "runs" / f"{options.name}.pt"), options.output, options.about)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
