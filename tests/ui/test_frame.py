import ast
import tomllib
from pathlib import Path

import pytest

from core.errors import AppError
from services.installation import demo
from services.team import workspaces
from tests.services.seeded import Seeded
from tests.ui.conftest import texts
from ui import downloads, format, menu, switcher

ROOT = Path(__file__).resolve().parents[2]


def test_it_finds_pages_and_gives_each_its_own_address(sqlite_database):
    specs = [menu._spec(path, 0) for path in menu.FOLDER.rglob("[!_]*.py")]
    addresses = [spec.url_path for spec in specs]
    assert len(addresses) == len(set(addresses))
    assert [spec.default for spec in specs].count(True) == 1


def test_it_refuses_a_page_that_declares_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(menu, "FOLDER", tmp_path)
    (tmp_path / "bare.py").write_text('"""A page?"""\n')
    with pytest.raises(AppError, match="declares no PAGE"):
        menu._spec(tmp_path / "bare.py", 0)


def test_it_lets_a_fresh_installation_choose(screen):
    app = screen()
    assert not app.exception
    assert [button.label for button in app.button] == ["Explore the demo", "Connect", "Import"]


def test_it_opens_the_glossary_without_a_workspace(screen):
    app = screen()
    app.switch_page("../pages/reference/glossary.py")
    app.run()
    assert "metrics" in texts(app)


def test_it_makes_a_workspace_to_connect_to(screen):
    app = screen()
    app.button(key="start-connect").click()
    app.run()
    assert not app.exception
    assert [row.name for row in workspaces.list_all()] == ["My workspace"]


def test_it_says_when_the_demo_does_not_start(screen, monkeypatch):
    monkeypatch.setattr(demo, "start_in_background", lambda _progress: None)
    monkeypatch.setattr("ui.starting._DEMO_WAITS", 1)
    app = screen()
    app.button(key="start-demo").click()
    app.run()
    assert not app.exception
    assert "The demo did not start" in texts(app)


def test_it_switches_between_workspaces(screen, sqlite_database):
    Seeded(sqlite_database)
    second = workspaces.create("Harbour Books")
    app = screen(w="Harbour Books")
    assert app.session_state["_workspace"].id == second.workspace_id


def test_it_tells_workspaces_of_one_name_apart(sqlite_database):
    from ui import load

    workspaces.create("Twin")
    workspaces.create("Twin")
    assert len(switcher._distinct(load.every_workspace())) == 2


def test_it_fetches_nothing_from_elsewhere():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    for face in settings["theme"]["fontFaces"]:
        assert (ROOT / "ui" / face["url"].removeprefix("app/")).exists()
    assert "http" not in (ROOT / "ui" / "static" / "frame.css").read_text()


def test_it_gives_no_page_an_icon_that_a_browser_would_fetch_from_outside():
    assert 'icon=""' in (ROOT / "ui" / "menu.py").read_text()


@pytest.mark.parametrize("path", sorted(menu.FOLDER.rglob("[!_]*.py")), ids=lambda path: path.stem)
def test_it_declares_a_page_as_a_plain_literal(path):
    values = [node.value for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    assert ast.literal_eval(values[0])["title"]


@pytest.mark.parametrize("text", ["**b**", "<b>x</b>", ":red[x]", "[a](b)", "# h", "`c`", "$x$", "a_b_c", "1. x"])
def test_it_escapes_every_mark_of_markdown(text):
    safe = format.plain(text)
    assert safe.replace("\\", "").replace("\u200b", "") == text
    assert safe != text


def test_it_writes_csv_that_no_spreadsheet_runs():
    import pandas as pd

    table = pd.DataFrame({"Post": ["=1+1", "@x", "fine", " -2"], "Views": [-1.0, 2.0, 3.0, 4.0]})
    lines = downloads.to_csv(table).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=1+1,-1.0", "'@x,2.0", "fine,3.0", "' -2,4.0"]


def test_it_shows_progress_instead_of_half_a_demo(screen, sqlite_database, monkeypatch):
    workspaces.create("Northwind Coffee (demo)", kind="demo")
    monkeypatch.setattr(demo, "is_filling", lambda: True)
    app = screen()
    assert not app.exception
    assert [title.value for title in app.title] == ["Filling the demo"]
    assert not app.metric
