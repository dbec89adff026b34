"""The documentation is true: reference pages are fresh, links lead somewhere, the two commands exist."""

import re
from pathlib import Path

import pytest

from docs import generate
from tests.contracts.project import ROOT

PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(("name", "text"), generate.pages().items(), ids=list(generate.pages()))
def test_it_keeps_reference_pages_fresh(name, text):
    assert (generate.FOLDER / name).read_text() == text, "run `make docs`"


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_it_links_to_files_that_exist(path: Path):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("command", ["run", "demo", "test", "bench", "lint", "types", "docs", "check"])
def test_it_documents_and_has_every_make_target(command):
    assert re.search(rf"^{command}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_it_never_names_the_workplace(path: Path):
    assert not re.search(r"/work/|\.\./shared|\.library", path.read_text())
