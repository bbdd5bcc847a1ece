"""What SDL does not tell about a display of the X Window System."""

from __future__ import annotations

import ctypes


def has_window_manager(screen: int = 0) -> bool:
    """Whether a program manages the windows of the display in DISPLAY: it owns the selection WM_Sn (ICCCM).

    Kiosks often run without one. Where that cannot be found out there is taken to be one.
    """
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    display = x11.XOpenDisplay(None)
    if not display:
        return True
    try:
        selection = x11.XInternAtom(display, f"WM_S{screen}".encode(), False)
        return bool(x11.XGetSelectionOwner(display, selection))
    finally:
        x11.XCloseDisplay(display)
