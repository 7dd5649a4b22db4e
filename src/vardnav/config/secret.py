"""The signing key: from the environment, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def key(data_dir: Path) -> str:
    if given := os.environ.get("VARDNAV_SECRET_KEY"):
        return given
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()  # another process made it between the two lines
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()
