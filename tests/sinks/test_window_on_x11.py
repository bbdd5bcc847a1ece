"""The window on a real display: full screen, back again, and what is seen of it. Needs Xvfb."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from renderer.sinks.window import Window
from renderer.sinks.x11 import has_window_manager
from renderer.types import Picture

pygame: Any = pytest.importorskip("pygame")

Box = tuple[int, int, int, int]

SCREEN = 640, 480
MIDDLE = 240, 180, 400, 300  # of the screen, 160 x 120
GREY, BLUE = 130, (0, 0, 200)


@pytest.fixture(autouse=True)
def _screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A display of its own, of SCREEN pixels, without a window manager: as in a kiosk."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("no Xvfb; apt-get install xvfb")
    if "x11grab" not in av.formats_available:
        pytest.skip("this PyAV cannot look at displays")
    ready, tells = os.pipe()
    server = subprocess.Popen(
        [
            program,
            "-displayfd",
            str(tells),
            "-screen",
            "0",
            "{}x{}x24".format(*SCREEN),
            "-nolisten",
            "tcp",
            "-noreset",
        ],
        pass_fds=[tells],
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    with os.fdopen(ready) as told:
        number = told.readline().strip()
    if not number:
        server.wait()
        pytest.skip("Xvfb does not start here")
    monkeypatch.setenv("DISPLAY", f":{number}")
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    wait_for_the_display()
    yield
    pygame.display.quit()
    server.terminate()
    server.wait()


def wait_for_the_display() -> None:
    """A server that has told its number may still refuse the first who comes."""
    patience = time.monotonic() + 20
    while True:
        try:
            pygame.display.init()
        except pygame.error:
            if time.monotonic() > patience:
                raise
            time.sleep(0.1)
        else:
            break
    pygame.display.quit()


def libraries() -> set[str]:
    """What this process has loaded."""
    return {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if ".so" in line}


def press(key: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))


def fills(window: Window, box: Box) -> None:
    """Show frames until these columns and rows of the display are the window's, and no others."""
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        if (found := place(window)) == box:
            return
    raise AssertionError(f"the window is seen at {found}; {box} expected")


def place(window: Window) -> Box | None:
    """Left, top, right and bottom of what is seen of the window."""
    list(window.events())
    window.show(np.full((120, 160, 4), GREY, np.uint8))
    rows, columns = np.nonzero((looked_at() == GREY).all(axis=2))
    if not len(rows):
        return None
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def looked_at() -> Picture:
    """What is on the display, R G B: not what the window thinks is."""
    options = {"video_size": "{}x{}".format(*SCREEN), "draw_mouse": "0"}
    with av.open(os.environ["DISPLAY"], format="x11grab", options=options) as display:
        picture: Picture = next(display.decode(video=0)).to_ndarray(format="rgb24")
        return picture


def on_screen(pixel: tuple[int, int]) -> tuple[int, int, int]:
    red, green, blue, _ = pygame.display.get_surface().get_at(pixel)
    return red, green, blue


def test_f11_fills_the_screen_and_gives_it_back() -> None:
    """Without a window manager the window once grew where it was, and what hung over was not seen."""
    assert not has_window_manager()
    with Window(160, 120, "test") as window:
        fills(window, MIDDLE)
        for _ in range(3):
            press(pygame.K_F11)
            fills(window, (0, 0, *SCREEN))
            assert not pygame.mouse.get_visible()
            press(pygame.K_F11)
            fills(window, MIDDLE)
            assert pygame.mouse.get_visible()


def test_a_tall_frame_fills_the_screen_with_borders_in_their_colour() -> None:
    with Window(120, 240, "test", fullscreen=True, border=BLUE) as window:
        window.show(np.full((240, 120, 4), GREY, np.uint8))
        assert pygame.display.get_surface().get_size() == SCREEN
        assert {on_screen((x, 240)) for x in (200, 439)} == {(GREY,) * 3}
        assert {on_screen((x, 240)) for x in (0, 199, 440, 639)} == {BLUE}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc")
def test_no_graphics_library_is_loaded_to_copy_a_picture() -> None:
    """SDL asked OpenGL for it; where that is computed, listening cost three times as much."""
    before = libraries()
    with Window(160, 120, "test") as window:
        window.show(np.full((120, 160, 4), GREY, np.uint8))
        loaded = libraries() - before
    assert not [name for name in loaded if "GLX" in name or "gallium" in name or "swrast" in name]
