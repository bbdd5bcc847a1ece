"""espeak-ng's library through its C interface (espeak-ng/speak_lib.h, version 1.49 and later).

It is one speaker for the whole process: a lock lets one thread at a time use it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtra, VoiceError

_SYNCHRONOUS = 2
"""espeak_AUDIO_OUTPUT: the callback is called before espeak_Synth returns, in its thread."""

_OPTIONS = 0x0001 | 0x0002 | 0x8000
"""Tell phonemes, tell them in IPA, and do not end the process where the data are missing."""

_UTF8 = 1
_CHARACTER = 1  # espeak_POSITION_TYPE
_RATE, _PITCH = 1, 3  # espeak_PARAMETER
_BUFFER_MS = 100
_LIST_END, _WORD, _PHONEME = 0, 1, 7  # espeak_EVENT_TYPE

_SYSTEM_LIBRARIES = {
    "linux": ("libespeak-ng.so.1",),
    "darwin": ("libespeak-ng.dylib", "/opt/homebrew/lib/libespeak-ng.dylib"),
    "win32": ("libespeak-ng.dll", r"C:\Program Files\eSpeak NG\libespeak-ng.dll"),
}


class _Id(ctypes.Union):
    _fields_ = [  # ctypes' own way
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_ = [  # ctypes' own way
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


class _Voice(ctypes.Structure):
    _fields_ = [  # ctypes' own way
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # a priority byte and a name, time and again, then 0
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class WordEvent(NamedTuple):
    """A word begins."""

    first: int
    """Its first character's position in the text."""

    sample: int


class PhonemeEvent(NamedTuple):
    """A speech sound begins."""

    ipa: str
    """Empty for a pause."""

    sample: int


class Spoken(NamedTuple):
    """What the library made of a text."""

    pcm: NDArray[np.int16]
    words: list[WordEvent]
    phonemes: list[PhonemeEvent]


class Library:
    """The loaded library."""

    def __init__(self, path: str, data: str | None) -> None:
        """Load it; `data` is the folder of its data, or None for the library's own. Raises OSError."""
        self._lock = threading.Lock()
        self._library = ctypes.CDLL(path)
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self.sample_rate = int(
            self._library.espeak_Initialize(
                _SYNCHRONOUS, _BUFFER_MS, data.encode() if data else None, _OPTIONS
            )
        )
        if self.sample_rate <= 0:
            raise OSError(f"{path} does not find its data {f'in {data}' if data else ''}".rstrip())
        self._hear = _Callback(self._heard)
        self._library.espeak_SetSynthCallback(self._hear)
        self._pcm: list[NDArray[np.int16]] = []
        self._words: list[WordEvent] = []
        self._phonemes: list[PhonemeEvent] = []
        self.languages = frozenset(self._languages())

    def choose(self, voice: str) -> bool:
        """Whether there is a voice of this name or language; variants follow a plus: en-us+f3."""
        with self._lock:
            return bool(self._library.espeak_SetVoiceByName(voice.encode()) == 0)

    def speak(self, text: str, voice: str, words_a_minute: int, pitch: int) -> Spoken:
        """The sound of a whole text and where its words and phonemes are in it.

        text   plain; its end is the end of a sentence
        pitch  0 to 100, 50 is the voice's own
        """
        encoded = text.encode("utf-8", "replace")
        with self._lock:
            self._pcm, self._words, self._phonemes = [], [], []
            if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise VoiceError(f"espeak-ng lost its voice {voice!r}; install it again")
            self._library.espeak_SetParameter(_RATE, words_a_minute, 0)
            self._library.espeak_SetParameter(_PITCH, pitch, 0)
            status = self._library.espeak_Synth(
                encoded, len(encoded) + 1, 0, _CHARACTER, 0, _UTF8, None, None
            )
            pcm = np.concatenate(self._pcm) if self._pcm else np.zeros(0, np.int16)
            words, phonemes = self._words, self._phonemes
        if status != 0:
            raise VoiceError(f"espeak-ng could not speak {text[:40]!r} (status {status}); say it differently")
        return Spoken(pcm, words, phonemes)

    def _heard(self, pcm: object, count: int, events: object) -> int:
        if pcm and count > 0:
            self._pcm.append(np.ctypeslib.as_array(pcm, (count,)).copy())
        index = 0
        while (event := events[index]).type != _LIST_END:  # type: ignore[index]
            if event.type == _WORD:
                self._words.append(WordEvent(event.text_position - 1, event.sample))
            elif event.type == _PHONEME:
                self._phonemes.append(PhonemeEvent(event.id.string.decode("utf-8", "ignore"), event.sample))
            index += 1
        return 0

    def _languages(self) -> Iterator[str]:
        voices = self._library.espeak_ListVoices(None)
        index = 0
        while voices[index]:
            entry = int(voices[index].contents.languages or 0)
            while entry and ctypes.string_at(entry, 1) != b"\0":
                name = ctypes.string_at(entry + 1)
                yield name.decode("utf-8", "ignore")
                entry += 1 + len(name) + 1
            index += 1


@functools.cache
def library() -> Library:
    """espeak-ng of the extra `[voice]`, or the system's. Raises MissingExtra where there is neither."""
    tried = []
    for find in (_of_the_extra, _of_the_system):
        for path, data in find():
            try:
                return Library(path, data)
            except OSError as error:
                tried.append(str(error))
    raise MissingExtra(
        "no espeak-ng to speak with"
        + (f" ({'; '.join(tried)})" if tried else "")
        + "; pip install 'avatar-renderer[voice]', or install the system's espeak-ng"
    )


def _of_the_extra() -> Iterator[tuple[str, str | None]]:
    try:
        import espeakng_loader
    except ImportError:
        return
    if Path(espeakng_loader.get_library_path()).exists():
        yield str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path())


def _of_the_system() -> Iterator[tuple[str, str | None]]:
    found = ctypes.util.find_library("espeak-ng")
    for name in dict.fromkeys(filter(None, (found, *_SYSTEM_LIBRARIES.get(sys.platform, ())))):
        yield name, None
