"""The figures of each case as a table for the screen."""

from __future__ import annotations

from typing import Any

from rich.table import Table

Row = dict[str, Any]


def table(case: str, rows: list[Row]) -> Table:
    """What a case found."""
    title, headings, cells = {
        "kernels": ("Pixel loops, 1280x720, one thread (ms)", KERNELS, _kernel),
        "decoding": ("Decoding a frame, one thread", DECODING, _decoding),
        "lips": ("The lip network", LIPS, _lips),
        "frames": ("Whole frames of the default avatar, one core (ms)", FRAMES, _frames),
        "sessions": ("Sessions at once, all cores", SESSIONS, _sessions),
        "startup": ("A start, step by step", STARTUP, _startup),
        "profile": ("A frame, function by function (ms)", PROFILE, _profile),
        "small": ("One core and 300 MB", SMALL, _small),
    }[case]
    found = Table(title=title)
    for number, heading in enumerate(headings):
        found.add_column(heading, justify="right" if number else "left")
    for row in rows:
        found.add_row(*cells(row))
    return found


KERNELS = ("job", "best", "median", "p95", "NumPy twin", "times faster", "OpenCV")


def _kernel(row: Row) -> tuple[str, ...]:
    own, opencv = row["kernel"], row["opencv"]
    times = tuple(f"{own[key]:.3f}" for key in ("best", "median", "p95"))
    other = "" if opencv is None else f"{opencv['best']:.3f}"
    return row["name"], *times, f"{row['twin']['best']:.1f}", f"{row['ratio']:.0f}", other


DECODING = ("clip", "ms", "kbit/s", "dB")


def _decoding(row: Row) -> tuple[str, ...]:
    return row["name"], f"{row['decode_ms']:.2f}", f"{row['kbit_s']:.0f}", f"{row['psnr_db']:.1f}"


LIPS = ("network", "best ms", "median ms", "kB", "dB to the shipped one")


def _lips(row: Row) -> tuple[str, ...]:
    like = "same" if row["psnr_db"] is None else f"{row['psnr_db']:.1f}"
    return row["name"], f"{row['best_ms']:.2f}", f"{row['median_ms']:.2f}", f"{row['kilobytes']:.0f}", like


FRAMES = ("variant", "listening", "p95", "speaking", "p95", "processor", "first frame s", "peak MB")


def _frames(row: Row) -> tuple[str, ...]:
    listening, speaking = row["listening_ms"], row["speaking_ms"]
    times = (*(side[key] for side in (listening, speaking) for key in ("p50", "p95")), speaking["processor"])
    start = f"{row['first_frame_s']:.2f}"
    return row["variant"], *(f"{time:.2f}" for time in times), start, f"{row['peak_memory_mb']:.0f}"


SESSIONS = ("variant", "holds", "sessions: late of frames")


def _sessions(row: Row) -> tuple[str, ...]:
    tries = ", ".join(f"{each['sessions']}: {each['late']} of {each['frames']}" for each in row["tries"])
    return row["variant"], str(row["holds"]), tries


SMALL = (
    "variant",
    "listening ms",
    "speaking ms",
    "p95",
    "late of frames",
    "own MB",
    "first frame s",
    "holds",
)


def _small(row: Row) -> tuple[str, ...]:
    listening, speaking = (row["frames"][side]["frame"] for side in ("listening", "speaking"))
    live = row["live"]["speaking"]
    return (
        row["name"],
        *(f"{time:.2f}" for time in (listening["p50"], speaking["p50"], speaking["p95"])),
        f"{live['late'] + live['dropped']} of {live['shown'] + live['dropped']}",
        f"{live['memory_mb'].get('own', 0.0):.0f}",
        f"{row['startup']['seconds']['all']:.2f}",
        str(row["sessions"]["holds"]),
    )


STARTUP = ("step", "ms", "MB after it", "own")


def _startup(row: Row) -> tuple[str, ...]:
    return row["name"], f"{row['ms']:.0f}", f"{row['resident']:.0f}", f"{row['own']:.0f}"


PROFILE = ("state", "ms", "functions")


def _profile(row: Row) -> tuple[str, ...]:
    return row["name"], f"{row['ms']:.2f}", str(_count(row) - 1)


def _count(tree: Row) -> int:
    return 1 + sum(_count(call) for call in tree["calls"])
