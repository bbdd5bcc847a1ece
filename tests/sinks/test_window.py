"""The window holds the frame's pixels, whatever its size. Runs on SDL's dummy driver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from renderer.clock import ManualClock
from renderer.errors import DeviceError
from renderer.sinks.keys import WindowEvent
from renderer.sinks.window import REOPEN, Window

pygame: Any = pytest.importorskip("pygame")


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield
    pygame.display.quit()


def picture(height: int, width: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


def on_screen() -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(H, W, 3) in R, G, B, read by another way than the window writes."""
    array: np.ndarray[Any, np.dtype[np.uint8]] = pygame.surfarray.array3d(pygame.display.get_surface())
    return array.swapaxes(0, 1)


def press(key: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))


def test_the_surface_holds_the_frames_pixels() -> None:
    pixels = picture(48, 64)
    with Window(64, 48, "test") as window:
        window.show(pixels)
        assert np.array_equal(on_screen(), pixels[..., 2::-1])


def test_a_display_of_another_depth_shows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderer.sinks.window._is_bgrx", lambda _: False)
    pixels = picture(48, 64)
    pixels[..., 3] = 0  # X means nothing
    with Window(64, 48, "test") as window:
        window.show(pixels)
        assert np.array_equal(on_screen(), pixels[..., 2::-1])


def test_a_resized_window_letterboxes_the_frame() -> None:
    grey = np.full((48, 64, 4), 130, np.uint8)
    with Window(64, 48, "test") as window:
        pygame.display.set_mode((128, 60), pygame.RESIZABLE)
        window.show(grey)
        seen = on_screen()
    assert (seen[:, 24:104] == 130).all()
    assert not seen[:, :24].any()
    assert not seen[:, 104:].any()


def test_a_frame_larger_than_the_desktop_opens_smaller_in_its_proportions() -> None:
    desktop = pygame.display.init() or pygame.display.get_desktop_sizes()[0]
    width, height = desktop[0] * 2, desktop[0] * 2
    with Window(width, height, "test") as window:
        window.show(np.full((height, width, 4), 77, np.uint8))
        seen = on_screen()
    assert seen.shape[0] == seen.shape[1] <= min(desktop)
    assert (seen == 77).all()


@pytest.mark.parametrize("key", ["K_f", "K_h"])
def test_overlays_come_and_go(key: str) -> None:
    pixels = np.full((200, 300, 4), 130, np.uint8)
    with Window(300, 200, "test") as window:
        window.show(pixels)
        press(getattr(pygame, key))
        assert len(list(window.events())) == 1
        window.show(pixels)
        assert (on_screen() == 255).any()
        press(getattr(pygame, key))
        list(window.events())
        window.show(pixels)
        assert (on_screen() == 130).all()


def test_the_frame_rate_is_that_of_the_frames_shown() -> None:
    """It once read pygame's ticks, which stand still unless all of pygame is initialised."""
    clock = ManualClock()
    with Window(64, 48, "test", clock=clock) as window:
        assert window.frame_rate == 0
        for _ in range(30):
            window.show(picture(48, 64))
            clock.advance(0.04)
        assert window.frame_rate == pytest.approx(25)


def test_keys_and_the_close_button_become_events() -> None:
    with Window(64, 48, "test") as window:
        list(window.events())
        for key in (pygame.K_SPACE, pygame.K_a, pygame.K_F11, pygame.K_F11, pygame.K_ESCAPE):
            press(key)
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        expected = [
            WindowEvent.INTERRUPT,
            WindowEvent.TOGGLE_FULLSCREEN,
            WindowEvent.TOGGLE_FULLSCREEN,
            WindowEvent.CLOSE,
            WindowEvent.CLOSE,
        ]
        assert [event for event in window.events() if isinstance(event, WindowEvent)] == expected


def test_full_screen_fills_the_desktop_and_can_be_left() -> None:
    grey = np.full((48, 64, 4), 130, np.uint8)
    with Window(64, 48, "test", fullscreen=True) as window:
        window.show(grey)
        desktop = pygame.display.get_desktop_sizes()[0]
        assert pygame.display.get_surface().get_size() == desktop
        assert (on_screen()[desktop[1] // 2, desktop[0] // 2] == 130).all()
        press(pygame.K_F11)  # the dummy driver keeps its size; on X11 the window shrinks again
        assert list(window.events()) == [WindowEvent.TOGGLE_FULLSCREEN]
        window.show(grey)


def test_a_frame_of_another_size_or_depth_is_refused() -> None:
    with Window(64, 48, "test") as window:
        with pytest.raises(ValueError, match="expected"):
            window.show(picture(48, 66))
        with pytest.raises(ValueError, match="expected"):
            window.show(np.zeros((48, 64, 3), np.uint8))


def test_a_machine_without_display_is_told_to_render(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(DeviceError, match="avatar render"):
        Window(64, 48, "test")


def test_sdls_own_fallback_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without DISPLAY, SDL 2.28 opens windows nobody sees instead of failing."""
    monkeypatch.delenv("SDL_VIDEODRIVER")
    monkeypatch.setattr(pygame.display, "init", lambda: None)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(DeviceError, match="avatar render"):
        Window(64, 48, "test")


def test_closing_twice_is_safe() -> None:
    window = Window(64, 48, "test")
    window.close()
    window.close()


def test_the_border_has_its_colour_and_overlays_leave_no_trace_on_it() -> None:
    grey = np.full((48, 64, 4), 130, np.uint8)
    with Window(64, 48, "test", border=(10, 20, 30)) as window:
        pygame.display.set_mode((400, 300), pygame.RESIZABLE)
        window._is_fresh = True
        press(pygame.K_h)
        list(window.events())
        window.show(grey)
        assert (on_screen()[:, 0] != (10, 20, 30)).any() or (on_screen() == 255).any()
        press(pygame.K_h)
        list(window.events())
        window.show(grey)
        window.show(grey)
        seen = on_screen()
    letterbox = seen[(seen != 130).any(axis=-1)]
    assert (letterbox == (10, 20, 30)).all()


def test_the_number_keys_are_the_gestures() -> None:
    with Window(64, 48, "test", gestures=["nod", "wave"]) as window:
        list(window.events())
        for key in (pygame.K_2, pygame.K_1, pygame.K_3, pygame.K_p, pygame.K_s):
            press(key)
        told = list(window.events())
    assert told == [
        WindowEvent.GESTURE_2,
        WindowEvent.GESTURE_1,
        WindowEvent.PAUSE,
        WindowEvent.TOGGLE_SUBTITLES,
    ]


def test_a_caption_stands_at_the_bottom_and_goes() -> None:
    grey = np.full((200, 300, 4), 130, np.uint8)
    with Window(300, 200, "test") as window:
        window.caption("Hello there")
        window.show(grey)
        seen = on_screen()
        assert (seen[:100] == 130).all()
        assert (seen[100:] == 255).any()
        assert abs(int(np.argwhere((seen != 130).any(axis=(0, 2))).mean()) - 150) <= 2, "in the middle"
        window.caption("")
        window.show(grey)
        assert (on_screen() == 130).all()


def test_a_display_that_is_lost_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen that is unplugged must not end a kiosk."""
    clock = ManualClock()
    grey = np.full((48, 64, 4), 130, np.uint8)
    with Window(64, 48, "test", clock=clock) as window:
        window.show(grey)
        is_lost = True
        flip, init = pygame.display.flip, pygame.display.init

        def fails_while_lost(call: Any) -> Any:
            def wrapped() -> None:
                if is_lost:
                    raise pygame.error("video system not initialized")
                call()

            return wrapped

        monkeypatch.setattr(pygame.display, "flip", fails_while_lost(flip))
        monkeypatch.setattr(pygame.display, "init", fails_while_lost(init))
        for _ in range(100):
            window.show(grey)
            list(window.events())
            clock.advance(0.04)
        is_lost = False
        clock.advance(REOPEN)
        window.show(grey)
        assert (on_screen() == 130).all()
