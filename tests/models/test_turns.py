"""What is heard and seen between two phrases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")

from models.mouth.corpus.prepare import Example
from models.mouth.corpus.synthetic import GROUPS
from models.mouth.din.breaths import LONGEST, SHORTEST, breaths
from models.mouth.teacher import teach
from models.mouth.turns import PACES, PARTED, WIDER, Row, Turns
from renderer.features import BANDS, SILENT_MEL

pytestmark = pytest.mark.studio

TICKS = 96
LOUD, MOUTH = 1.0, 5.0


def phrase() -> Example:
    random = np.random.default_rng(0)
    return Example(
        "somebody",
        "talk",
        random.normal(LOUD, 0.1, (70, 320)).astype(np.float32),
        np.full(70, -20.0, np.float32),
        np.full((70, 10), MOUTH, np.float32),
        np.full((70, 40), 1 / 40, np.float32),
        np.ones(70, np.float32),
    )


def silence() -> Row:
    return Row(
        np.full((TICKS, 320), SILENT_MEL, np.float32),
        np.zeros((TICKS, 10), np.float32),
        np.repeat(np.eye(1, 40, dtype=np.float32), TICKS, 0),
        np.zeros(TICKS, np.float32),
    )


@dataclass
class Drawn:
    """Many sequences, by kind of tick."""

    rows: list[Row]

    def __post_init__(self) -> None:
        self.mel, self.weights, phones, self.voice = (
            np.stack([getattr(row, name) for row in self.rows])
            for name in ("mel", "weights", "phones", "voice")
        )
        self.speech = phones[..., 0] < 1
        heard = self.mel.max(axis=2) > SILENT_MEL
        self.breath = heard & ~self.speech & (self.voice == 1)
        self.noise = heard & ~self.speech & (self.voice == 0)


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    din = [np.random.default_rng(2).normal(0, 0.3, (1000, BANDS)).astype(np.float32)]
    turns = Turns({"talk": (1.0, [phrase()])}, np.random.default_rng(1), din)
    rows = []
    for _ in range(60):
        row = silence()
        turns.draw(row)
        rows.append(row)
    return Drawn(rows)


def test_lips_part_in_a_breath_between_two_phrases(drawn: Drawn) -> None:
    seen = drawn.weights[drawn.breath]
    seen = seen[np.isfinite(seen).all(axis=1)]
    assert len(seen) > 50
    share = seen[:, 1] / PARTED[1]
    assert share.max() <= WIDER[1] + 1e-4
    assert np.median(share) >= WIDER[0]
    np.testing.assert_allclose(seen, share[:, None] * PARTED, atol=1e-4)


def test_another_noise_between_two_phrases_moves_no_lip(drawn: Drawn) -> None:
    seen = drawn.weights[drawn.noise]
    seen = seen[np.isfinite(seen).all(axis=1)]
    assert len(seen) > 50
    assert not seen.any()


def test_a_breath_is_softer_than_the_speech_before_it(drawn: Drawn) -> None:
    assert drawn.mel[drawn.breath].mean() < LOUD - 0.6


def test_nothing_is_heard_before_the_first_phrase(drawn: Drawn) -> None:
    for breath, noise, speech in zip(drawn.breath, drawn.noise, drawn.speech, strict=True):
        first = int(np.argmax(speech))
        assert not breath[:first].any()
        assert not noise[:first].any()


def test_a_pause_is_left_to_whoever_speaks(drawn: Drawn) -> None:
    silent = (drawn.mel.max(axis=2) == SILENT_MEL) & (drawn.voice == 0)
    begun = 0
    for row, pause, speech in zip(drawn.weights, silent, drawn.speech, strict=True):
        for tick in np.flatnonzero(speech[: TICKS - 9] & pause[1 : TICKS - 8]) + 1:
            begun += 1
            assert np.isnan(row[tick]).all()
    assert begun > 20


def test_sound_mouth_and_sounds_keep_step_at_any_pace() -> None:
    ramp = np.arange(70, dtype=np.float32)[:, None]
    one = replace(
        phrase(),
        mel=np.repeat(ramp + (np.arange(4) - 1.5) / 4, BANDS, axis=1).reshape(70, 320).astype(np.float32),
        weights=np.repeat(ramp, 10, axis=1),
        phones=np.concatenate([ramp / 100, np.repeat(1 - ramp / 100, 39, axis=1)], axis=1),
    )
    turns = Turns({"talk": (1.0, [one])}, np.random.default_rng(1), [])
    paces = set()
    for _ in range(40):
        row = silence()
        assert turns._phrase(row, 0, 30, from_onset=True) == 30
        mel = row.mel.reshape(TICKS, 4, BANDS)
        inside = slice(2, 29)
        np.testing.assert_allclose(row.weights[inside, 0], mel[inside].mean(axis=(1, 2)), atol=0.01)
        np.testing.assert_allclose(row.phones[inside, 0], row.weights[inside, 0] / 100, atol=1e-4)
        paces.add(round(float(np.diff(row.weights[inside, 0]).mean()), 3))
    assert 1.0 in paces
    assert len(paces) > 10
    assert PACES[0] <= min(paces) < 0.9
    assert 1.2 < max(paces) <= PACES[1]


def test_breaths_are_as_long_as_peoples_and_unlike_each_other() -> None:
    found = breaths(20)
    lengths = {len(one) for one in found}
    assert min(lengths) >= int(SHORTEST * 25)
    assert max(lengths) <= int(LONGEST * 25)
    assert len(lengths) > 3
    assert all(np.isfinite(one).all() for one in found)
    assert not any(np.array_equal(one, found[0]) for one in found[1:])


@pytest.mark.parametrize(("group", "is_known"), [("en_kathleen", False), (GROUPS[0], True)])
def test_only_of_computed_voices_the_mouth_in_pauses_is_known(
    group: str, is_known: bool, tmp_path: Path
) -> None:
    (tmp_path / "runs").mkdir()
    learned = phrase()
    silent = np.eye(1, 40, dtype=np.float32)
    phones = np.concatenate([np.full((20, 40), 1 / 40, np.float32), np.repeat(silent, 40, 0)])
    voice = np.repeat(np.array([1, 0], np.float32), [20, 40])
    pupil = Example(
        "reader", group, np.zeros((60, 320), np.float32), voice, np.full((60, 10), np.nan, np.float32),
        phones, voice,
    )  # fmt: skip
    teach([learned], [learned], [pupil], tmp_path)
    assert np.isfinite(pupil.weights[:15]).all()
    pause = pupil.weights[40:]
    assert (pause == 0).all() if is_known else np.isnan(pause).all()
