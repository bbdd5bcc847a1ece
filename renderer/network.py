"""An .onnx file, opened the way a small network in a busy program wants to be."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnxruntime
from numpy.typing import NDArray

from .errors import NetworkError

Shape = tuple[int | str, ...]
"""Whole numbers are fixed sizes; a name stands for any size."""


def open_network(model: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """Open a network on the CPU with one thread that does not spin.

    Two spinning threads on two busy cores ran 1.6 times slower than one. Sessions may share it: a run
    keeps no state inside. Raises NetworkError if the file is no network.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    source = model if isinstance(model, bytes) else str(model)
    where = "the network" if isinstance(model, bytes) else str(model)
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a private class per status code
        raise NetworkError(
            f"{where} is not a network onnxruntime {onnxruntime.__version__} can run "
            f"({str(error).splitlines()[0][:120]}); rebuild the file that holds it"
        ) from error


class StoppableNetwork:
    """A network whose run in one thread may be broken off from another one."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._running: dict[int, onnxruntime.RunOptions] = {}  # by thread

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, NDArray[Any]]) -> list[Any]:
        """As of an InferenceSession. Raises what onnxruntime raises when it is stopped."""
        options, thread = onnxruntime.RunOptions(), threading.get_ident()
        with self._lock:
            self._running[thread] = options
        try:
            found: list[Any] = self._session.run(outputs, inputs, options)
            return found
        finally:
            with self._lock:
                del self._running[thread]

    def stop(self, thread: int) -> None:
        """End the run in a thread, if there is one, after the operation it is at."""
        with self._lock:
            if (options := self._running.get(thread)) is not None:
                options.terminate = True


def check_network(
    session: onnxruntime.InferenceSession,
    where: str,
    inputs: Mapping[str, Shape],
    outputs: Mapping[str, Shape],
) -> None:
    """Make sure that a network has exactly these float32 inputs and outputs.

    Raises NetworkError naming the first difference.
    """
    for kind, expected, found in (
        ("input", inputs, session.get_inputs()),
        ("output", outputs, session.get_outputs()),
    ):
        names = {node.name: node for node in found}
        if set(names) != set(expected):
            raise NetworkError(
                f"{where}: {kind}s {sorted(names)}, expected {sorted(expected)}; "
                "the file belongs to another network"
            )
        for name, shape in expected.items():
            node = names[name]
            fits = len(node.shape) == len(shape) and all(
                isinstance(want, str) or have == want for have, want in zip(node.shape, shape, strict=True)
            )
            if not fits or node.type != "tensor(float)":
                raise NetworkError(
                    f"{where}: {kind} {name!r} is {node.type} {node.shape}, "
                    f"expected tensor(float) {list(shape)}; the file belongs to another network"
                )
