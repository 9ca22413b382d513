"""The program as a user has it: built as a wheel, installed, and run from another directory.

The checkout is on the path of every test, so a file that the wheel forgets would never be missed.
What `installed_command` returns knows the wheel and nothing of the checkout.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "installed"

#: All that goes into the wheel.
_INPUTS = ("pyproject.toml", "README.md", "LICENSE", "connector.yaml", "mappings", "sources", "sync")
#: Installations of older states of the checkout that nobody has asked for in so long are removed.
_KEEP_SECONDS = 24 * 3600


def installed_command() -> Path:
    """Return the path of the installed `leadrelay`, built once for each state of the checkout.

    Safe to call from several processes at once: one builds, the others wait. The environment of
    a subprocess should not name the checkout in PYTHONPATH.
    """
    return installed_environment() / "bin" / "leadrelay"


@cache
def installed_environment() -> Path:
    """Return the virtual environment that `installed_command` lives in.

    One process asks once: what is edited while tests run is of the next run, and all of the checkout is read.
    """
    environment = CACHE / _digest_of_checkout()
    ready = environment / "ready"
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / "lock"):
        if not ready.exists():
            _forget_old_ones()
            shutil.rmtree(environment, ignore_errors=True)
            _install(environment, build_wheel(environment))
        ready.touch()
    return environment


def fresh_environment(environment: Path, *wheels: Path) -> Path:
    """Make a virtual environment with the wheel of the checkout and others, and return its `leadrelay`."""
    (own,) = installed_environment().glob("*.whl")
    _install(environment, own, *wheels)
    return environment / "bin" / "leadrelay"


def build_wheel(directory: Path, project: Path = ROOT) -> Path:
    """Build the wheel of the checkout, or of another project, into a directory and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    _run(command, cwd=project)
    (wheel,) = directory.glob("*.whl")
    return wheel


def _install(environment: Path, *wheels: Path) -> None:
    """Install wheels alone; their dependencies are those of the environment that runs the tests.

    A directory named in a .pth file comes after the environment's own packages, and .pth files
    inside it are not read: the editable install of the checkout does not shine through.
    """
    _run([sys.executable, "-m", "venv", "--without-pip", str(environment)])
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--quiet"]
    _run([*pip, "install", "--no-deps", "--no-index", "--no-cache-dir", *map(str, wheels)])
    borrowed = _site_packages(environment) / "borrowed-dependencies.pth"
    borrowed.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")


def _site_packages(environment: Path) -> Path:
    (found,) = environment.glob("lib/python*/site-packages")
    return found


def _run(command: list[str], cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)


def _digest_of_checkout() -> str:
    digest = hashlib.blake2b(f"{sys.executable} {sys.version}".encode(), digest_size=8)
    for path in _input_files():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for name in _INPUTS:
        top = ROOT / name
        found = sorted(top.rglob("*")) if top.is_dir() else [top]
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _forget_old_ones() -> None:
    for ready in CACHE.glob("*/ready"):
        if time.time() - ready.stat().st_mtime > _KEEP_SECONDS:
            shutil.rmtree(ready.parent, ignore_errors=True)
