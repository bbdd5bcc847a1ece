"""Text over the picture in a window: help, frame rate, subtitles."""

from __future__ import annotations

from typing import Any

SIZE = 24
"""Points of help and frame rate."""

CAPTION = 1 / 18
"""Height of subtitles as a share of the window's."""

MOST_LABELS = 64


class Overlay:
    """Draws lines of text on a surface. Lines once drawn are kept."""

    def __init__(self, pygame: Any, help_lines: list[str]) -> None:
        self._pygame, self._help = pygame, help_lines
        self._labels: dict[tuple[str, int], Any] = {}
        self.shows_help = self.shows_rate = False
        self.caption = ""
        self._was_drawn = False

    def draw(self, surface: Any, frame_rate: float) -> bool:
        """Draw what is asked for. Whether the surface must be cleared before the next frame."""
        lines = list(self._help) if self.shows_help else []
        if self.shows_rate:
            lines.insert(0, f"{frame_rate:.0f} frames a second")
        for number, line in enumerate(lines):
            surface.blit(self._label(line, SIZE), (8, 8 + round(0.9 * SIZE) * number))
        if self.caption:
            label = self._label(self.caption, max(SIZE, round(surface.get_height() * CAPTION)))
            left = (surface.get_width() - label.get_width()) // 2
            surface.blit(label, (left, surface.get_height() - 2 * label.get_height()))
        was_drawn, self._was_drawn = self._was_drawn, bool(lines or self.caption)
        return was_drawn or self._was_drawn

    def _label(self, line: str, size: int) -> Any:
        key = (line, size)
        if key not in self._labels:
            if len(self._labels) > MOST_LABELS:
                self._labels.clear()
            self._pygame.font.init()
            font = self._pygame.font.Font(None, size)
            self._labels[key] = font.render(f" {line} ", True, (255, 255, 255), (0, 0, 0))
        return self._labels[key]
