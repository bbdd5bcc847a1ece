"""Which speech sounds are heard, in any language: python -m models.mouth.listener.

A network that hears both sides of a tick learns sounds from what is labelled: read English, orders, GRID's
sentences and machines in twenty languages. Then it lays the sounds of written German and Mandarin, as
espeak-ng would speak them, over the recordings (Viterbi), and says what it hears in speech that nobody
wrote down.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from renderer.features import BANDS, COLUMNS, HOP, extract

from .augment import Batches
from .corpus.espeak import Reader
from .corpus.phones import PHONES
from .corpus.prepare import Example, examples, listened
from .corpus.recordings import DATA, WORK, judged, sound, spoken, transcripts
from .din.pool import pool

WRITTEN = {"de_kerstin": "de", "zh_aishell": "cmn"}
"""Groups to be aligned, and the voice of espeak-ng that knows how their words sound."""

UNWRITTEN = ("zh_blendshapes",)

SHARES = {"en_kathleen": 1.0, "en_many_voices": 1.0, "espeak": 1.0, "foreign": 0.7, "flite": 1.0}
"""How often a sequence is drawn from each group; from grid_s1 half as often as from the first."""

SKIP = -4.0
"""Log probability of a sound that is written and not spoken."""

SHIFTS = COLUMNS
"""A tick is heard so many times, 10 ms apart: sounds are shorter than ticks."""

EARLY = (SHIFTS - 1) / 2
"""Rows by which what `hear` says of a moment comes late: the tick of a row ends with the row's column."""


class Listener(nn.Module):
    """Dilated convolutions that look both ways, 1.3 s in all: mel (b, n, 320) to logits (b, n, 40)."""

    def __init__(self, width: int = 144) -> None:
        super().__init__()
        self.first = nn.Conv1d(BANDS, 96, 5, padding=2)
        self.gather = nn.Conv1d(96, width, COLUMNS, stride=COLUMNS)
        self.blocks = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=far, dilation=far) for far in (1, 2, 4, 8)
        )
        self.mixes = nn.ModuleList(nn.Conv1d(width, width, 1) for _ in self.blocks)
        self.norms = nn.ModuleList(nn.GroupNorm(1, width) for _ in self.blocks)
        self.out = nn.Conv1d(width, len(PHONES), 1)

    def forward(self, mel: Tensor) -> Tensor:
        columns = mel.reshape(mel.shape[0], -1, BANDS).transpose(1, 2)
        x = functional.relu(self.gather(functional.relu(self.first(columns))))
        for block, mix, norm in zip(self.blocks, self.mixes, self.norms, strict=True):
            x = x + mix(functional.relu(block(norm(x))))
        said: Tensor = self.out(x).transpose(1, 2)
        return said


def train(
    sources: dict[str, tuple[float, list[Example]]],
    kept: list[Example],
    path: Path,
    options: argparse.Namespace,
) -> Listener:
    """Train until `options.minutes` are spent, or take what was trained before."""
    listener = Listener()
    if path.exists():
        listener.load_state_dict(torch.load(path, weights_only=True))
        listener.eval()
        return listener
    optimiser = torch.optim.AdamW(listener.parameters(), lr=2e-3, weight_decay=0.02)
    batches = Batches(sources, options.seed, pool(options.work))
    began, told, step = time.monotonic(), 0.0, 0
    while (spent := time.monotonic() - began) < options.minutes * 60:
        done = spent / (options.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * float(np.cos(np.pi * done))) + 1e-6
        batch = batches.draw(16)
        known = torch.isfinite(batch.phones[..., 0])
        wanted = torch.where(known[..., None], batch.phones, 0.0)
        loss = -(wanted * listener(batch.mel).log_softmax(-1)).sum() / known.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        if spent - told > 60:
            told = spent
            print(
                f"{spent / 60:.0f} min step {step} loss {loss.item():.2f} right {right(listener, kept):.2f}",
                flush=True,
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(listener.state_dict(), path)
    listener.eval()
    return listener


def right(listener: Listener, kept: list[Example]) -> float:
    """Share of the ticks of kept sentences whose loudest sound is named."""
    hits, ticks = 0, 0
    with torch.no_grad():
        for one in kept:
            said = listener(torch.from_numpy(one.mel)[None])[0].argmax(-1).numpy()
            spoken_ = one.phones[:, 0] < 0.5
            hits += int((said == one.phones.argmax(-1))[spoken_].sum())
            ticks += int(spoken_.sum())
    return hits / max(1, ticks)


def hear(listener: Listener, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log probabilities of the sounds around every 10 ms of sound at 16 kHz, shape (n, 40)."""
    rows = []
    for shift in range(SHIFTS):
        padded = np.concatenate([np.zeros((SHIFTS - 1 - shift) * HOP, np.float32), samples])
        mel, _ = extract(padded)
        with torch.no_grad():
            rows.append(listener(torch.from_numpy(mel.reshape(1, len(mel), -1)))[0].log_softmax(-1).numpy())
    n = min(len(row) for row in rows)
    heard: NDArray[np.float32] = np.stack([row[:n] for row in rows], axis=1).reshape(n * SHIFTS, -1)
    return heard


def lay(heard: NDArray[np.float32], written: list[int]) -> list[list[float]]:
    """The best times of sounds in their order: start and length in columns, and the sound (Viterbi).

    Silence may stand before, between and after the sounds; a sound may be left out for `SKIP`.
    """
    line = [0]
    for phone in written:
        line += [phone, 0]
    scores = heard[:, line]
    n, states = scores.shape
    best = np.full(states, -np.inf, np.float32)
    best[:2] = scores[0, :2]
    came = np.zeros((n, states), np.int8)
    odd = np.arange(states) % 2 == 1
    for at in range(1, n):
        steps = np.full((4, states), -np.inf, np.float32)
        steps[0] = best
        steps[1, 1:] = best[:-1]
        steps[2, 2:] = np.where(odd[2:], best[:-2], best[:-2] + SKIP)
        steps[3, 4:] = np.where(odd[4:], best[:-4] + SKIP, -np.inf)
        came[at] = steps.argmax(axis=0)
        best = steps.max(axis=0) + scores[at]
    state = states - 1 if best[-1] >= best[-2] else states - 2
    path = np.zeros(n, int)
    for at in range(n - 1, -1, -1):
        path[at] = state
        state -= (0, 1, 2, 4)[came[at, state]]
    cuts = np.flatnonzero(np.diff(path)) + 1
    return [
        [float(start), float(end - start), float(line[path[start]])]
        for start, end in zip([0, *cuts], [*cuts, n], strict=True)
        if line[path[start]]
    ]


def aligned(
    listener: Listener, data: Path, group: str, voice: str
) -> Iterable[tuple[str, list[list[float]]]]:
    """Name of every recording of a group, and its sounds in ticks."""
    reader = Reader()
    texts = transcripts(data, group)
    for recording in spoken(data, group):
        text = texts.get(recording.path.stem)
        if text:
            _, spans = reader.read(text, voice, 160, 50)
            written = [int(phone) for _, _, phone in spans if phone]
            heard = hear(listener, sound(recording.path))
            if 0 < 2 * len(written) < len(heard):
                yield recording.name, _ticks(lay(heard, written))


def unwritten(listener: Listener, data: Path, group: str) -> Iterable[tuple[str, list[list[float]]]]:
    """Name of every recording of a group, and the sounds heard in it, in ticks."""
    for recording in spoken(data, group):
        best = hear(listener, sound(recording.path)).argmax(axis=1)
        cuts = np.flatnonzero(np.diff(best)) + 1
        runs = zip([0, *cuts], [*cuts, len(best)], strict=True)
        yield recording.name, _ticks([[float(a), float(b - a), float(best[a])] for a, b in runs if best[a]])


def _ticks(rows: list[list[float]]) -> list[list[float]]:
    return [[(start - EARLY) / SHIFTS, length / SHIFTS, phone] for start, length, phone in rows]


def main() -> None:
    """Train the listener, then write the sounds of every group it is needed for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    every = examples("grid_s1", options.data, options.work)
    kept = judged([*{one.name for one in every}])
    sources = {"grid_s1": (0.5, [one for one in every if one.name not in kept])}
    for group, share in SHARES.items():
        sources[group] = (share, examples(group, options.data, options.work, 2))
    first = [one for one in every if one.name in kept][::4][:30]
    listener = train(sources, first, options.work / "runs" / "listener.pt", options)
    for group in (*WRITTEN, *UNWRITTEN):
        place = listened(group, options.work)
        if not place.exists():
            say = (
                aligned(listener, options.data, group, WRITTEN[group])
                if group in WRITTEN
                else unwritten(listener, options.data, group)
            )
            found = dict(say)
            half = place.with_suffix(".part")
            half.write_text(json.dumps(found))
            half.replace(place)
            print(f"{group}: sounds of {len(found)} recordings", flush=True)


if __name__ == "__main__":
    main()
