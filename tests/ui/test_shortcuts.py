"""One key for each common period."""

from services.words import periods
from ui import shortcuts


def test_it_shows_a_period_by_its_key(screen, filled):
    app = screen()
    app = app.button(key="key-W").click().run()
    assert app.session_state["period"] == "last_7"
    assert not app.exception


def test_it_compares_or_not(screen, filled):
    app = screen().button(key="key-X").click().run()
    assert app.session_state["cmp"] == "none"
    app = app.button(key="key-X").click().run()
    assert app.session_state["cmp"] == "previous"


def test_it_starts_afresh(screen, filled):
    app = screen(period="last_7", p="youtube").button(key="key-Z").click().run()
    assert (app.session_state["period"], app.session_state["p"]) == (periods.DEFAULT, [])


def test_it_lists_every_key(screen, filled):
    app = screen().button(key="key-K").click().run()
    listed = "\n".join(str(one.value) for one in app.get("markdown"))
    for key in (*shortcuts.PERIODS, *shortcuts.OTHERS):
        assert f"`{key}`" in listed
    assert len({*shortcuts.PERIODS, *shortcuts.OTHERS}) == len(shortcuts.PERIODS) + len(shortcuts.OTHERS)
    assert not {"C", "R"} & {*shortcuts.PERIODS, *shortcuts.OTHERS}, "Streamlit keeps these for itself"


def test_it_needs_no_keys_where_there_are_no_filters(screen, filled):
    app = screen()
    app = app.switch_page("../pages/reference/glossary.py").run()
    assert not [one for one in app.button if str(one.key).startswith("key-")]
