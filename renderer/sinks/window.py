"""A window that shows frames, and what its viewer asks for."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..clock import Clock, MonotonicClock
from ..errors import DeviceError
from ..kernels.scale import scale
from ..kernels.views import check_picture
from ..types import Picture
from .keys import WindowEvent, help_lines, key_events
from .overlay import Overlay
from .x11 import has_window_manager

MARGIN = 0.9
"""A window takes this share of the desktop at most, so that its frame and the task bar have room."""

NO_SCREEN = {"dummy", "offscreen"}
"""Drivers SDL falls back to where there is no display; welcome only to those who ask for them."""

REOPEN = 1.0
"""Seconds between two tries to open a display again that was lost."""


class Window:
    """Shows B G R X frames of one size, letterboxed where the window has another.

    gestures  names for the keys 1 to 9
    border    red, green, blue beside a letterboxed frame

    Must be made and used in the main thread. Raises DeviceError where no window can be opened; a display that
    is lost later is waited for.
    """

    def __init__(
        self,
        width: int,
        height: int,
        title: str,
        fullscreen: bool = False,
        clock: Clock | None = None,
        gestures: Sequence[str] = (),
        border: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        # a window that fills the screen is in its middle: without a window manager, as in kiosks, it would
        # become large where it is
        os.environ.setdefault("SDL_VIDEO_CENTERED", "1")
        try:
            import pygame
        except ImportError as error:
            raise DeviceError(
                f"pygame cannot be loaded ({error}); reinstall it: pip install pygame"
            ) from error
        self._pygame: Any = pygame
        self._size = (width, height)
        self._clock = MonotonicClock() if clock is None else clock
        self._is_fullscreen = fullscreen
        self._border = border
        self._keys = key_events(pygame, len(gestures))
        self._overlay = Overlay(pygame, help_lines(gestures))
        self._times: deque[float] = deque(maxlen=26)
        self._is_fresh = True  # the surface is new, or was drawn over: its borders are not the border's yet
        self._lost_at: float | None = None
        self._title = title
        try:
            pygame.display.init()
            if self._is_nowhere():
                raise DeviceError(_no_display("there is none"))
            if pygame.display.get_driver() == "x11":
                # SDL would hand pictures to OpenGL, which without a graphics card is a program: 5 ms a frame,
                # 100 MB, in place of a copy
                os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
            self._windowed = _fitting(self._size, pygame.display.get_desktop_sizes()[0])
            self._open()
        except pygame.error as error:
            pygame.display.quit()
            raise DeviceError(_no_display(str(error))) from error
        except DeviceError:
            pygame.display.quit()
            raise

    def show(self, pixels: Picture) -> None:
        """Show one frame, uint8 (height, width, 4), contiguous, of the size the window was made for.

        Raises ValueError for another frame.
        """
        check_picture(pixels, 4)
        if pixels.shape[1::-1] != self._size:
            raise ValueError(f"a frame of {pixels.shape[1]}x{pixels.shape[0]}; {self._size} expected")
        try:
            if self._lost_at is None or self._find_again():
                self._draw(pixels)
        except self._pygame.error:  # a screen was unplugged, a session locked, a driver restarted
            self._lost_at = self._clock.now()

    def caption(self, text: str) -> None:
        """Show a line of text at the bottom of the frames that follow; an empty one takes it away."""
        self._overlay.caption = text

    @property
    def frame_rate(self) -> float:
        """Frames a second shown lately; 0 before the second one."""
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-6)

    def events(self) -> Iterator[WindowEvent]:
        """What the viewer did since the last call; full screen and overlays are already done."""
        pygame = self._pygame
        if not pygame.display.get_init():  # the display is lost
            return
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                yield WindowEvent.CLOSE
            elif event.type == pygame.VIDEORESIZE:
                self._is_fresh = True
                if not self._is_fullscreen:
                    self._windowed = event.size
            elif event.type == pygame.KEYDOWN and event.key in self._keys:
                meant = self._keys[event.key]
                if meant is WindowEvent.TOGGLE_FULLSCREEN:
                    self._is_fullscreen = not self._is_fullscreen
                    self._open()
                elif meant is WindowEvent.TOGGLE_RATE:
                    self._overlay.shows_rate = not self._overlay.shows_rate
                elif meant is WindowEvent.TOGGLE_HELP:
                    self._overlay.shows_help = not self._overlay.shows_help
                yield meant

    def close(self) -> None:
        """Close the window. Safe to call twice."""
        self._pygame.display.quit()

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> None:
        pygame = self._pygame
        pygame.display.set_caption(self._title)
        is_x11 = pygame.display.get_driver() == "x11"
        if self._is_fullscreen:
            if is_x11 and not has_window_manager():  # it would grow where it is, half of it beside the screen
                pygame.display.set_mode(pygame.display.get_desktop_sizes()[0], pygame.NOFRAME)
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            if is_x11 and pygame.display.get_surface() is not None:  # else SDL does not put it back
                pygame.display.set_mode(self._windowed, pygame.NOFRAME)
            pygame.display.set_mode(self._windowed, pygame.RESIZABLE)
        pygame.mouse.set_visible(not self._is_fullscreen)
        pygame.display.set_allow_screensaver(False)
        self._is_fresh = True

    def _is_nowhere(self) -> bool:
        """Whether SDL, finding no display, draws into the void."""
        return self._pygame.display.get_driver() in NO_SCREEN and not os.environ.get("SDL_VIDEODRIVER")

    def _find_again(self) -> bool:
        """Open the display anew, now and then. True once that works."""
        assert self._lost_at is not None
        if self._clock.now() < self._lost_at + REOPEN:
            return False
        self._lost_at = self._clock.now()
        self._pygame.display.quit()
        self._pygame.display.init()
        if self._is_nowhere():
            return False
        self._open()
        self._lost_at = None
        return True

    def _draw(self, pixels: Picture) -> None:
        surface = self._pygame.display.get_surface()
        if surface.get_size() == (0, 0):  # minimised
            return
        self._times.append(self._clock.now())
        if not _is_bgrx(surface):
            self._blit(surface, pixels)
        elif surface.get_size() == self._size and surface.get_pitch() == 4 * self._size[0]:
            # Copying into the display's own memory takes 0.1 ms at 720p, a blit three times as long.
            np.copyto(_memory(surface), pixels)
        else:
            self._letterbox(surface, pixels)
        self._is_fresh = self._overlay.draw(surface, self.frame_rate)
        self._pygame.display.flip()

    def _letterbox(self, surface: Any, pixels: Picture) -> None:
        if self._is_fresh:
            surface.fill(self._border)
        scale(pixels, _memory(surface), *_letterboxed(self._size, surface.get_size()))

    def _blit(self, surface: Any, pixels: Picture) -> None:
        """The slow way, for displays of another depth or order."""
        left, top, width, height = _letterboxed(self._size, surface.get_size())
        opaque = pixels.copy()
        opaque[..., 3] = 255
        picture = self._pygame.image.frombuffer(opaque, self._size, "BGRA")
        if (width, height) != self._size:
            picture = self._pygame.transform.smoothscale(picture, (width, height))
        if self._is_fresh:
            surface.fill(self._border)
        surface.blit(picture, (left, top))


def _no_display(reason: str) -> str:
    return (
        f"no display ({reason}); start it on a desktop, or write a film instead: avatar render … -o film.mp4"
    )


def _fitting(size: tuple[int, int], desktop: tuple[int, int]) -> tuple[int, int]:
    """The size itself, or as much of it as the desktop has room for."""
    share = min(1.0, desktop[0] * MARGIN / size[0], desktop[1] * MARGIN / size[1])
    if size[0] <= desktop[0] and size[1] <= desktop[1]:
        share = 1.0
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _letterboxed(size: tuple[int, int], place: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height of a picture as large as possible in the middle of a place."""
    share = min(place[0] / size[0], place[1] / size[1])
    width = min(place[0], max(1, round(size[0] * share)))
    height = min(place[1], max(1, round(size[1] * share)))
    return (place[0] - width) // 2, (place[1] - height) // 2, width, height


def _is_bgrx(surface: Any) -> bool:
    """Whether the surface's memory is B G R X without padding, as ours is."""
    masks = tuple(mask & 0xFFFFFFFF for mask in surface.get_masks()[:3])
    tight = surface.get_pitch() == 4 * surface.get_width()
    return surface.get_bitsize() == 32 and masks == (0xFF0000, 0xFF00, 0xFF) and tight


def _memory(surface: Any) -> Picture:
    """The surface's pixels, (H, W, 4). It stays locked while the array lives."""
    width, height = surface.get_size()
    return np.frombuffer(surface.get_view("0"), np.uint8).reshape(height, width, 4)
