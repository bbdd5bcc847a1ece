"""Builds the wheel: renderer/ plus the networks and avatars of models/ and a sound of examples/ as its data.

Only `renderer` becomes importable. The checkout keeps what was learned under models/, next to the recipes
that made it; here the networks and .avatar files among it, and the speech
that `avatar bench` says, are laid into the built package.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SHIPPED = {
    "models/mouth/mouth.onnx": "mouth.onnx",
    "models/lips/base.npz": "lips-base.npz",
    "models/avatars/*.avatar": "avatars",
    "examples/hello.opus": "hello.opus",
}


class BuildWithModels(build_py):  # type: ignore[misc] # setuptools comes without types
    """build_py, and then the trained files."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # an editable install reads them where they lie
        data = Path(self.build_lib) / "renderer" / "data"
        shutil.rmtree(data, ignore_errors=True)
        for pattern, place in SHIPPED.items():
            for source in sorted(HERE.glob(pattern)):
                target = data / place
                if "*" in pattern:
                    target = target / source.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


setup(cmdclass={"build_py": BuildWithModels})
