from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from renderer.package.archive import LARGEST, MOST_FILES
from renderer.package.manifest import Manifest
from renderer.package.reader import LARGEST_MANIFEST, open_package
from renderer.package.schema import json_schema
from renderer.package.writer import to_json

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((DOCS / "package-format.schema.json").read_text("utf-8"))
    return told


@pytest.fixture
def manifest(tiny_avatar: Path) -> dict[str, Any]:
    with open_package(tiny_avatar) as package:
        told: dict[str, Any] = json.loads(to_json(package.manifest))
    return told


def test_the_published_schema_is_that_of_the_code(schema: dict[str, Any]) -> None:
    assert schema == json.loads(json_schema()), "run python -m renderer.package.schema"


def test_a_real_manifest_validates_against_the_published_schema(
    schema: dict[str, Any], manifest: dict[str, Any]
) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(manifest)


def test_the_published_schema_refuses_what_the_reader_refuses(
    schema: dict[str, Any], manifest: dict[str, Any]
) -> None:
    for change in (
        {"format": 1},
        {"licence": ""},
        {"colour": "red"},
        {"poster": "../poster.jpg"},
        {"poster": "/poster.jpg"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate(manifest | change)


def test_the_example_on_the_page_is_a_manifest() -> None:
    page = (DOCS / "package-format.md").read_text("utf-8")
    example = json.loads(page.split("```json")[1].split("```")[0])
    whole = copy.deepcopy(example)
    # the page shortens hashes and the list of files, and says so
    whole["files"] = {}
    draft = {name: value for name, value in whole.items() if name != "files"}
    names = set(re.findall(r'"([\w/.]+\.(?:npz|mp4|onnx|jpg))"', json.dumps(draft)))
    whole["files"] = {name: {"size": 1, "sha256": "0" * 64} for name in names}
    manifest = Manifest.model_validate(whole)
    assert set(example["files"]) < manifest.paths()


def test_the_page_names_every_field_and_limit(schema: dict[str, Any]) -> None:
    page = (DOCS / "package-format.md").read_text("utf-8")
    fields = set(schema["properties"])
    for part in schema["$defs"].values():
        fields |= set(part.get("properties", ()))
    assert not {field for field in fields if f"`{field}`" not in page and f"**{field}**" not in page}
    assert LARGEST == 2 << 30
    assert LARGEST_MANIFEST == 2 << 20
    for limit in ("2 GiB", f"{MOST_FILES} files", "2 MiB"):
        assert limit in page
