"""What the program is made of is written down, licensed rightly and looked at: script/sbom and script/bandit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [("script/sbom", "--check"), ("script/bandit",)], ids=["sbom", "bandit"])
def test_the_gate_of_(command: tuple[str, ...]) -> None:
    ended = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_part_has_version_licence_and_checksum() -> None:
    parts = json.loads((ROOT / "docs/sbom.cdx.json").read_text(encoding="utf-8"))["components"]
    assert len(parts) > 60
    for part in parts:
        assert part["version"]
        assert part["licenses"]
        assert len(part["externalReferences"][0]["hashes"][0]["content"]) == 64, part["name"]
