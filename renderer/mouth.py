"""From features to mouth weights: one small network, run once a tick while somebody speaks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .activity import SpeechActivity
from .errors import NetworkError
from .expression import LIP_GAP, Expression
from .features import BANDS, COLUMNS, silent_features
from .network import check_network, open_network
from .presence import LIKELY, RISE, SURE, Presence
from .settings import check_expression
from .types import Features, MouthFrame

MOUTH_SPACE = 1
"""The version of docs/mouth-space.md whose weights are understood."""

LONGEST_LOOK_AHEAD = 3
"""Ticks; more would delay sound and picture by over 120 ms."""

MURMUR = 0.55
PLAIN = 0.8
"""Where speech is only likely: the lip_gap, in typical deviations, from which on the lips follow the network,
and from which on wholly. A soft beginning parts the lips, faint noises do not."""

CLEAR = 1.5
"""How far an articulation of 1 drives the network's movements. What is trained on averages mumbles: of what
speakers it never heard do on film it moves the lips by 0.68 to 0.88; so driven, by 0.9 to 1.15, and more of
their closures are seen (models/mouth/README.md)."""

FADED = 2
"""Frames in which the mouth closes at the end of an utterance, if it is still open then."""

SLEEP_AFTER = 12
"""Ticks of silence, the mouth gone, after which the network is not run any more."""

PRE_ROLL = 12
"""Ticks from before speech that a network waking up hears first."""

Array = NDArray[np.float32]


class MouthNetwork:
    """The opened network. It holds no state, so any number of streams may share it."""

    def __init__(self, session: onnxruntime.InferenceSession, where: str) -> None:
        check_network(
            session,
            where,
            inputs={"mel": (1, COLUMNS, BANDS), "state": (1, "state")},
            outputs={"weights": (1, "weights"), "voice": (1, 1), "next_state": (1, "state")},
        )
        sizes = {node.name: node.shape[1] for node in (*session.get_inputs(), *session.get_outputs())}
        if not all(isinstance(size, int) for size in sizes.values()) or sizes["state"] != sizes["next_state"]:
            raise NetworkError(
                f"{where}: state of {sizes['state']} numbers becomes {sizes['next_state']}, "
                "expected one fixed size; export the network again"
            )
        notes = session.get_modelmeta().custom_metadata_map
        self.look_ahead = _whole(notes, "look_ahead", 0, LONGEST_LOOK_AHEAD, where)
        """Ticks heard after a frame's own before its weights are known."""
        _whole(notes, "mouth_space", MOUTH_SPACE, MOUTH_SPACE, where)
        self.weights: int = sizes["weights"]
        """How many weights a frame has."""
        self._state_size: int = sizes["state"]
        self._session = session

    @classmethod
    def open(cls, path: Path) -> MouthNetwork:
        """Open and check a network file. Raises NetworkError if it is none, or none for this place."""
        return cls(open_network(path), str(path))

    def start(self) -> Array:
        """The state before anything was heard."""
        return np.zeros((1, self._state_size), np.float32)

    def step(self, mel: Array, state: Array) -> tuple[Array, float, Array]:
        """Hear one tick: weights (k,) and probability of speech `look_ahead` ticks ago, next state."""
        weights, voice, state = self._session.run(
            ("weights", "voice", "next_state"), {"mel": mel[None], "state": state}
        )
        return weights[0], float(voice[0, 0]), state


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """What the network heard of a frame."""

    weights: Array
    ease: np.float32
    presence: float
    index: int


class MouthStream:
    """The mouth of one utterance.

    Silence is a state. The mouth appears a little before the sound and eases to rest after it; some
    time later the network is not run until speech returns, when it starts afresh with a few ticks from
    before. All of it depends on the ticks alone, never on when or how many at a time they came.
    """

    def __init__(self, network: MouthNetwork, gain: float = 1.0, articulation: float = 1.0) -> None:
        self._network = network
        self._expression = Expression()
        self.express(gain, articulation)
        self._activity = SpeechActivity()
        self._kept: deque[Array] = deque(maxlen=PRE_ROLL)
        self._state: Array | None
        self.reset()

    def push(self, features: Features) -> Iterator[MouthFrame]:
        """The frame that `features` completes: the one `look_ahead` ticks before them, if there is one."""
        heard = self.hear(features)
        if heard is not None:
            yield self.say(heard)

    def hear(self, features: Features) -> HeardFrame | None:
        """The first half of `push`: what the network says. Some ticks may be heard before any is said."""
        active = self._activity.push(features.level)
        if active and self._state is None:
            self._state = self._network.start()
            for mel in self._kept:
                _, _, self._state = self._network.step(mel, self._state)
        self._kept.append(features.mel)
        weights, voice = np.zeros(self._network.weights, np.float32), 0.0
        if self._state is not None:
            weights, voice, self._state = self._network.step(features.mel, self._state)
        index = self._heard - self._network.look_ahead
        self._decide(active, voice, float(weights[LIP_GAP]), begun=index >= 0)
        self._heard += 1
        return HeardFrame(weights, self._ease, self._presence, index) if index >= 0 else None

    def say(self, heard: HeardFrame) -> MouthFrame:
        """The second half: how strongly it is said, which may be chosen anew until then (`express`)."""
        if heard.presence == 0.0:
            self._expression.reset()
        return MouthFrame(self._expression.step(heard.weights) * heard.ease, heard.presence, heard.index)

    def flush(self) -> Iterator[MouthFrame]:
        """The frames still owed, so that there is one for every tick; the last has its mouth closed."""
        last = self._heard - 1
        for tick in range(self._network.look_ahead):
            for frame in self.push(silent_features(last + 1 + tick)):
                left = np.float32(min(1.0, (last - frame.index) / FADED))
                yield MouthFrame(frame.weights * left, frame.presence * float(left), frame.index)

    def express(self, gain: float, articulation: float, over: int = 0) -> None:
        """Open wider or speak more clearly, at once or little by little `over` so many frames.

        Raises ValueError outside the limits (`Settings.mouth_gain`, `Settings.articulation`).
        """
        check_expression(gain, articulation)
        self._expression.express(gain, articulation * CLEAR, over)

    def reset(self) -> None:
        """Forget the utterance; the next tick is the first of another."""
        self._activity.reset()
        self._expression.reset()
        self._kept.clear()
        self._state = None
        self._heard = 0
        self._sure, self._likely = Presence(SURE), Presence(LIKELY)
        self._silent = 0
        self._presence = 0.0
        self._ease = np.float32(1.0)

    def _decide(self, active: bool, voice: float, gap: float, begun: bool) -> None:
        """Move presence towards what the network says, and put the network to sleep when it is idle."""
        sure, likely = self._sure.step(voice), self._likely.step(voice if begun else 0.0)
        parted = min(1.0, max(0.0, (gap - MURMUR) / (PLAIN - MURMUR)))
        seen = self._presence > 0 or sure > 0 or parted > 0
        wanted = max(sure, likely) if seen else 0.0
        # what was likely for a while may be seen all of a sudden: it comes no faster than speech does
        self._presence = min(wanted, self._presence + RISE)
        self._ease = np.float32(max(sure, likely * parted))
        self._silent = 0 if active or self._presence > 0 else self._silent + 1
        if self._silent > SLEEP_AFTER:
            self._state = None


def _whole(notes: dict[str, str], key: str, least: int, most: int, where: str) -> int:
    value = notes.get(key, "")
    if not value.isdecimal() or not least <= int(value) <= most:
        raise NetworkError(
            f"{where}: {key} is {value or 'missing'}, expected {least}"
            f"{'' if least == most else f' to {most}'}; export the network again"
        )
    return int(value)
