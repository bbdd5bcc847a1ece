"""How the kernels are compiled: to machine code, without the GIL, kept on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` when it is first called.

    numba keeps the machine code beside the source or in the user's cache folder. Where neither can be
    written (a kiosk with a read-only disk) it refuses; then the kernels compile anew at every start. Code is
    kept until the file it stands in changes: after a change in a file that others call into (`mouth_rows`,
    `mouth_mix`) alone, delete what is kept, or save `mouth` anew.
    """
    try:
        return cast(Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, njit(nogil=True)(function))
