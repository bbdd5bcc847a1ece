"""The base network on disk: plain arrays, half precision, no pickles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...errors import NetworkError
from .step import LipNetworks

BANK = "bank"
"""Name of the array of mouth weights of talking people, float32 (m, k), beside the networks' own."""


def save_base(path: Path, networks: LipNetworks, bank: NDArray[np.float32]) -> None:
    """Write the networks and some mouth weights of talking people."""
    arrays = {name: value.numpy().astype(np.float16) for name, value in networks.state_dict().items()}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays, **{BANK: bank.astype(np.float32)})


def load_base(path: Path) -> tuple[LipNetworks, NDArray[np.float32]]:
    """The networks and the mouth weights `save_base` wrote.

    Raises NetworkError if the file is missing or holds other networks.
    """
    networks = LipNetworks()
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        bank = arrays.pop(BANK)
        state = {name: torch.from_numpy(value.astype(np.float32)) for name, value in arrays.items()}
        networks.load_state_dict(state)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise NetworkError(
            f"{path}: no base of this version's lip networks ({str(error).splitlines()[0][:100]}); "
            "reinstall the program, or train one: python -m models.lips.train"
        ) from error
    return networks, bank
