"""The JSON schema of manifest.json: `python -m renderer.package.schema > docs/package-format.schema.json`."""

from __future__ import annotations

import json
import sys

from .manifest import FORMAT, Manifest


def json_schema() -> str:
    """The schema as it stands in docs/, a line end at the end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Manifest.model_json_schema(),
        "title": f"manifest.json of an avatar package, format {FORMAT}",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(json_schema())
