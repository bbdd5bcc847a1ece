"""Everything this package raises on purpose.

    RendererError
    ├── AvatarError      (ValueError)         an avatar package that cannot be used
    ├── AvatarNotFound   (FileNotFoundError)  no such avatar by this name or path
    ├── DownloadError    (OSError)            an avatar or registry that cannot be fetched as it should be
    ├── MediaError       (ValueError)         a recording that cannot be read or written
    ├── NetworkError     (ValueError)         an .onnx file that is not what its place demands
    ├── SessionClosed    (RuntimeError)       a call on a session or avatar after `close()`
    ├── DeviceError      (OSError)            no screen, no loudspeaker, no microphone
    │   └── DeviceLost                        one that is looked for until it is found again
    ├── TextError        (ValueError)         SSML that cannot be read
    ├── VoiceError       (ValueError)         a voice that is not there, or does not speak
    ├── StudioError      (ValueError)         footage an avatar cannot be built from
    └── MissingExtra     (ImportError)        an optional part of the installation is absent

Each is also the builtin a caller would expect, and each message says what was found, what was
expected and what to do about it.
"""

from __future__ import annotations


class RendererError(Exception):
    """The root of every error this package raises on purpose."""


class AvatarError(RendererError, ValueError):
    """An avatar package is damaged, unsafe or made for another renderer."""


class AvatarNotFound(RendererError, FileNotFoundError):
    """No avatar has this name or path."""


class DownloadError(RendererError, OSError):
    """An avatar or a registry of avatars cannot be fetched, or is not what was promised."""


class MediaError(RendererError, ValueError):
    """A recording cannot be read, or a film cannot be written."""


class NetworkError(RendererError, ValueError):
    """An .onnx file does not have the inputs and outputs its place demands."""


class SessionClosed(RendererError, RuntimeError):
    """A session or an avatar was used after it had been closed."""


class DeviceError(RendererError, OSError):
    """A screen, loudspeaker or microphone is missing or was lost."""


class DeviceLost(DeviceError):
    """A device was lost in use, and is being looked for: nothing need be done but to plug it in."""


class TextError(RendererError, ValueError):
    """A text looks like SSML and is not; the message says line and column."""


class VoiceError(RendererError, ValueError):
    """A voice is not there, or does not give what a voice gives."""


class StudioError(RendererError, ValueError):
    """An avatar cannot be built from this footage."""


class MissingExtra(RendererError, ImportError):
    """An optional part of the installation is absent; the message names its install line."""
