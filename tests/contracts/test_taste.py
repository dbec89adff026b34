"""Rules of the house that can be tested: they hold in every file of every room."""

import ast
import re
import subprocess
import sys

import pytest

from tests.contracts.project import ROOMS, ROOT, named, sources, tree

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
LOGIC_LINES = 400


def calls(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_it_points_imports_down():
    done = subprocess.run([f"{sys.prefix}/bin/lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", sources(), ids=named)
def test_it_names_modules_after_ideas(path):
    assert path.stem not in BANNED_NAMES


@pytest.mark.parametrize("path", [p for p in sources() if p.name != "__init__.py"], ids=named)
def test_it_says_what_each_module_is_for(path):
    assert ast.get_docstring(tree(path)), f"{named(path)} has no docstring"


@pytest.mark.parametrize("path", [p for p in sources() if named(p) != "core/clock.py"], ids=named)
def test_it_asks_the_time_only_in_the_clock(path):
    forbidden = re.compile(r"(datetime\.(now|today|utcnow)|date\.today|time\.time|pd\.Timestamp\.now|time\.sleep)$")
    assert [name for _, name in calls(path) if forbidden.search(name)] == []


@pytest.mark.parametrize("path", [p for p in sources() if named(p) != "core/config.py"], ids=named)
def test_it_reads_the_environment_only_in_config(path):
    text = path.read_text()
    assert "os.environ" not in text
    assert "getenv(" not in text


@pytest.mark.parametrize("path", sources(), ids=named)
def test_it_never_swallows_every_error(path):
    """A broad except must raise, or hand the error on: a broken source looks broken, not like zero."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        assert node.type is not None, f"{named(path)}:{node.lineno} has a bare except"
        if ast.unparse(node.type) in {"Exception", "BaseException"}:
            body = "\n".join(ast.unparse(statement) for statement in node.body)
            assert "raise" in body or (node.name and node.name in body) or "exception(" in body, (
                f"{named(path)}:{node.lineno} swallows {ast.unparse(node.type)}"
            )


@pytest.mark.parametrize("path", sources(), ids=named)
def test_it_keeps_files_and_functions_short(path):
    """Declarations may be long, logic may not."""
    logic = 0
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno - len((ast.get_docstring(node) or "").splitlines()) + 1
            assert length <= 60, f"{named(path)}:{node.lineno} {node.name} has {length} lines"
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            logic += (node.end_lineno or 0) - node.lineno
    assert logic <= LOGIC_LINES, f"{named(path)} has {logic} lines of logic"


@pytest.mark.parametrize("path", sources(), ids=named)
def test_it_never_names_the_workplace(path):
    assert not re.search(r"/work/|\.\./shared|\.library", path.read_text())


@pytest.mark.parametrize("path", sources("ui"), ids=named)
def test_it_puts_no_data_into_raw_html(path):
    for node, name in calls(path):
        for keyword in node.keywords:
            if keyword.arg == "unsafe_allow_html" or name.endswith("st.html"):
                argument = node.args[0] if node.args else None
                assert not isinstance(argument, ast.JoinedStr), f"{named(path)}:{node.lineno} formats raw HTML"


@pytest.mark.parametrize("path", sources("ui", "pages"), ids=named)
def test_it_bounds_every_cache(path):
    for node in ast.walk(tree(path)):
        for decorator in getattr(node, "decorator_list", []):
            text = ast.unparse(decorator)
            if "cache_data" in text:
                assert named(path) == "ui/load.py", f"{named(path)} holds a cache of its own"
                assert "ttl=" in text, f"{node.name} has a cache without ttl"
                assert "max_entries=" in text, f"{node.name} has a cache without max_entries"


@pytest.mark.parametrize("room", ROOMS)
def test_it_gives_every_room_tests(room):
    assert list((ROOT / "tests" / room).rglob("test_*.py")), f"tests/{room} is empty"
