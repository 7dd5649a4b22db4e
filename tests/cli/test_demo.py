"""What the demo refuses."""

from pathlib import Path

from tests.cli.test_serve import vardnav


def test_an_unknown_region_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = vardnav(tmp_path, "demo", "serve", "--region", "atlantis", "--home", str(tmp_path / "home"))
    assert done.returncode == 1
    assert "atlantis is neither a folder nor one of" in done.stderr
    assert not (tmp_path / "home").exists()


def test_only_a_demo_folder_is_thrown_away(tmp_path: Path) -> None:
    precious = tmp_path / "demo-small" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    done = vardnav(tmp_path, "demo", "serve", "--region", "small", "--home", str(tmp_path), "--fresh")
    assert done.returncode == 1
    assert "does not look like a demo's data folder" in done.stderr
    assert precious.read_text() == "mine"
