"""What is asked of the file: type, size, length, frames."""

from __future__ import annotations

from .rule import Rule

FILE_RULES = (
    Rule(
        "container",
        "R-C4",
        "File type",
        "MP4 or MOV",
        "a service that takes only these refuses it; `avatar build` reads it all the same",
        "save or convert it as MP4",
        is_formal=True,
    ),
    Rule(
        "codec",
        "R-J2",
        "Video coding",
        "H.264; HEVC warns",
        "a service may refuse it; `avatar build` reads what plays here",
        "ffmpeg -i IN -c:v libx264 -crf 17 -c:a aac OUT.mp4",
        is_formal=True,
    ),
    Rule(
        "size",
        "R-C3",
        "File size",
        "at most {largest}",
        "refused on upload",
        "record at a lower bit rate, or trim head and tail",
        is_formal=True,
    ),
    Rule(
        "duration",
        "R-C1 R-C2 L1",
        "Length",
        "{shortest} to {longest} min; under {advised} warns",
        "too little variety of lips: lip-sync becomes inaccurate (R-F5)",
        "record longer, in one take; do not pad it with repeated pieces",
        is_formal=True,
    ),
    Rule(
        "resolution",
        "R-C5",
        "Resolution",
        "{sizes}",
        "the avatar is no sharper than the recording",
        "set the camera to {sizes}",
        is_formal=True,
    ),
    Rule(
        "aspect",
        "R-C6",
        "Shape of the picture",
        "16:9 or 9:16",
        "refused, or cropped where it is shown",
        "film in 16:9, or upright in 9:16",
        is_formal=True,
    ),
    Rule(
        "whole",
        "R-C10",
        "Undamaged",
        "all of the file can be read",
        "the avatar is made from what is left",
        "copy it again from the camera; end recordings before the battery does",
    ),
    Rule(
        "matte",
        "R-D11",
        "Matte",
        "exactly the film's size, frame rate and length",
        "person and background are parted in the wrong place",
        "export film and matte from the same project, untrimmed",
    ),
    Rule(
        "rate",
        "R-C7",
        "Frames a second",
        "25 to 60",
        "under 25 the avatar stutters: its pictures are shown more than once",
        "set the camera to 25 or 30 frames a second",
    ),
    Rule(
        "steady",
        "R-C10 R-C13",
        "Steady frame rate",
        "every frame lasts as long as the others",
        "movement jerks where frames come late, and lips drift from the sound",
        "switch the phone's automatic frame rate off; export at a constant rate",
    ),
    Rule(
        "repeat",
        "R-C10 R-C14",
        "Repeated and regularly left-out frames",
        "none while something moves",
        "movement halts and jumps at the same place in the avatar; a project of another frame rate "
        "also moves lips away from the sound",
        "export the edit at the camera's own frame rate",
    ),
    Rule(
        "hdr",
        "R-C13",
        "Dynamic range",
        "standard (no HLG, no PQ)",
        "colours turn out pale or wrong",
        "switch HDR off in the camera",
    ),
)
"""In the order of the page."""
