"""A page is thin: it asks one question, loads, and renders."""

import ast

import pytest

from tests.contracts.project import named, sources, tree

PAGES = [path for path in sources("pages") if path.name != "__init__.py"]
ALLOWED = {"ui", "charts", "core", "__future__", "datetime"}


def test_it_finds_pages():
    assert PAGES


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_asks_one_question(path):
    docstring = ast.get_docstring(tree(path))
    assert docstring
    assert "?" in docstring


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_declares_itself(path):
    names = [
        target.id
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert "PAGE" in names


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_is_short(path):
    assert len(path.read_text().splitlines()) <= 60


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_imports_only_screen_charts_and_words(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            roots = {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots = {(node.module or "").split(".")[0]}
        else:
            continue
        assert roots <= ALLOWED, f"{named(path)}:{node.lineno} imports {roots - ALLOWED}"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_holds_no_logic_and_no_arithmetic(path):
    banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda, ast.BinOp)
    found = [type(node).__name__ for node in ast.walk(tree(path)) if isinstance(node, banned)]
    assert found == []
