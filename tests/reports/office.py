"""LibreOffice as a second opinion: what a file is once another program has opened and saved it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice")
needed = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed")


def saved_as(file: Path, ending: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another format; CSV is read as UTF-8."""
    read = ["--infilter=CSV:44,34,76"] if file.suffix == ".csv" else []
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(PROGRAM), profile, "--headless", *read, "--convert-to", ending, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder / f"{file.stem}.{ending}"
