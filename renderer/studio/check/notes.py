"""Numbers noted about frame after frame, eight bytes each, however long the recording is."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Series = dict[str, NDArray[np.float64]]
"""By name, shape (frames,) each."""


class Notes:
    """A table that grows by rows."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = tuple(fields)
        self._values = array("d")

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._values) // len(self._fields)

    def add(self, row: Sequence[float]) -> None:
        """Note one frame: a value for every field."""
        if len(row) != len(self._fields):
            raise ValueError(f"{len(row)} values for {len(self._fields)} fields")
        self._values.extend(row)

    def last(self, field: str) -> float:
        """What was noted there last."""
        return self._values[self._fields.index(field) - len(self._fields)]

    def series(self) -> Series:
        """Everything noted so far."""
        table = np.frombuffer(self._values, np.float64) if len(self) else np.zeros(0)
        columns = table.reshape(-1, len(self._fields)).T.copy()
        return dict(zip(self._fields, columns, strict=True))
