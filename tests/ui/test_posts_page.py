"""Top posts: found, ordered, added up, opened."""

from datetime import timedelta

import pytest

from analytics.metrics.registry import METRICS
from core.clock import epoch_ms
from storage import entities, readings
from tests.ui.conftest import HOSTILE, open_page, plain, texts
from ui import downloads, menu
from ui.screens.posts import rows


def opened(**params):
    return open_page("performance/posts.py", **params)


def table(app):
    return app.dataframe[0].value


def test_it_lists_every_post_of_the_period(filled):
    app = opened()
    assert not app.exception
    assert len(table(app)) == 4
    assert {"Post", "Platform", "Account", "Kind", "Published", "Exposure", "Counted as", "Engagement", "Rate", "Score",
            "Link"} <= set(table(app).columns)  # fmt: skip
    assert table(app)["Rate"].iloc[0] == pytest.approx(45 / 400 * 100)
    assert "Posts by engagement, lifetime, until now" in plain(app)


def test_it_asks_nobody_for_pictures(filled):
    assert all(one.startswith("data:image/svg+xml,") for one in table(opened())[""])


def test_it_says_what_the_posts_add_up_to(filled):
    said = plain(opened())
    assert "**4 posts** · 180 engagement · 1,600 exposure" in said.replace("1.6K", "1,600")
    assert "Median engagement: 45; half of them lie between 45 and 45." in said


def test_it_changes_the_basis_by_a_visible_switch(filled):
    app = opened()
    (switch,) = app.get("button_group")
    switch.set_value("in_period").run()
    assert not app.exception
    assert "it takes readings at both of its ends" in plain(app), "the posts were first read today"
    yesterday = filled.now - timedelta(days=1)
    with filled.database.write() as connection:
        one = int(entities.posts(connection, filled.id)["id"].iloc[-1])
        readings.write(connection, filled.id, [(one, METRICS["likes"].id, epoch_ms(yesterday), 7.0)])
    app.run()
    assert "Posts by engagement, gathered in the period" in plain(app)
    assert table(app)["Engagement"].tolist() == [7.0]


def test_it_finds_words(filled):
    app = opened()
    app.text_input(key="posts_q").set_value("bold").run()
    assert len(table(app)) == 2
    assert "2 of 4 posts" in plain(app)
    assert HOSTILE[:20] in table(app)["Post"].iloc[0]


def test_it_opens_links_of_before(filled):
    """Content type and tag used to be the page's own; such a link shows the list, and loses nothing else."""
    app = opened(posts_kind="Video", posts_tag="#gone", posts_q="bold")
    assert not app.exception
    assert len(table(app)) == 2
    assert not {"posts_kind", "posts_tag"} & {one.key for one in app.multiselect}


def test_it_leads_back_from_nothing_found(filled):
    app = opened()
    app.text_input(key="posts_q").set_value("nobody wrote this").run()
    assert "No post says that" in texts(app)
    app.button(key="posts-clear").click().run()
    assert len(table(app)) == 4


def test_it_orders_by_a_number_of_choice(filled):
    app = opened()
    app.selectbox(key="posts_by").set_value("views").run()
    assert not app.exception
    assert "Posts by views, lifetime" in plain(app)
    assert "Views" in table(app).columns, "what the posts are ordered by is shown"
    app.selectbox(key="posts_order").set_value("oldest").run()
    assert table(app)["Published"].is_monotonic_increasing


def test_it_shows_the_columns_that_are_chosen(filled):
    app = opened()
    app.multiselect(key="posts_cols").set_value(["tags", "likes"]).run()
    assert list(table(app).columns) == ["", "Post", "Tags", "Engagement", "Likes"]


def test_it_offers_all_rows_with_their_count(filled, monkeypatch):
    given = []
    monkeypatch.setattr(downloads, "files", lambda made, *_, **__: given.append(made))
    app = opened()
    labels = {one.proto.popover.label for one in app.get("popover")}
    assert "Download 4 rows" in labels
    app.session_state["posts-download"] = True
    app.run()
    assert len(given[0]) == 4
    assert "Likes, until now" in given[0].columns


def test_it_opens_a_post(filled):
    app = opened()
    next(one for one in app.button if one.key and one.key.startswith("open-list-")).click().run()
    assert not app.exception
    assert app.title[0].value == "How did this post do?"


def test_it_is_as_it_was_left_when_the_browser_goes_back(filled):
    """In the browser's history the list has the address of the post, and nothing of what was looked for."""
    app = opened()
    app.text_input(key="posts_q").set_value("bold").run()
    app.query_params["posts_q"] = "bold"  # a browser does this by itself
    next(one for one in app.button if one.key and one.key.startswith("open-list-")).click().run()
    post = app.query_params["post"]
    post = post[0] if isinstance(post, list) else post
    app.session_state["posts_q"] = ""
    app.query_params["post"] = post
    app.switch_page(str(menu.FOLDER / "performance" / "posts.py")).run()
    assert not app.exception
    assert app.text_input(key="posts_q").value == "bold"
    assert "post" not in app.query_params
    assert len(table(app)) == 2


def test_it_shows_a_page_of_a_long_list(filled, monkeypatch):
    monkeypatch.setattr(rows, "_SIZES", (3, 50))
    app = opened()
    assert len(table(app)) == 3
    assert "1–3 of 4" in plain(app)
    app.session_state["posts_page"] = 2
    app.run()
    assert len(table(app)) == 1
    assert "4–4 of 4" in plain(app)


def test_it_says_that_there_are_no_posts(filled):
    app = opened(**{"from": "2020-01-01", "to": "2020-01-31"})
    assert not app.exception
    assert "No posts were published 1–31 Jan 2020" in plain(app)
