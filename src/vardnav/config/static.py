"""Static files with a hash in their names, made once per version of the files."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Gather, hash and compress static files into STATIC_ROOT. False when nothing has changed."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root / ".stamp"
    with (root.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seen = fingerprint()
        if stamp.exists() and stamp.read_text() == seen:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(seen)
    return True


def fingerprint() -> str:
    """How they are stored, and names, sizes and times of all source files."""
    digest = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
