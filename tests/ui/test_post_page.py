"""One post: what it is, how it stands, how it grew, what people write; and a calm word where there is none."""

from datetime import timedelta

import pytest

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.errors import SourceUnavailable
from storage import comments, entities, readings
from tests.ui.conftest import open_screen, plain
from ui import load, menu


def opened(post):
    """The page of a post, by its address."""
    app = open_screen()
    app.query_params["post"] = str(post)
    return app.switch_page(str(menu.FOLDER / "performance" / "post.py")).run()


@pytest.fixture
def post(filled):
    """The newest post of one account, with three comments."""
    with filled.database.write() as connection:
        posts = entities.posts(connection, filled.id)
        row = posts[posts["external_id"] == "instagram0"].iloc[0]
        said = [
            records.Comment("1", "I love this, thank you!", filled.now - timedelta(hours=2), post="p", author="Ada"),
            records.Comment("2", "Worst service ever :(", filled.now - timedelta(hours=1), post="p", author="Bo"),
        ]
        one = int(row["id"])
        comments.upsert(connection, filled.id, int(row["account_id"]), said, {"p": one}, filled.now)
    return one


def grown(made, account_name):
    """Ten posts of an account that were read from early on, and a young one that does better."""
    with made.database.write() as connection:
        (account,) = [one for one in entities.accounts(connection, made.id) if one.name == account_name]
        found = [records.Post(f"g{at}", "video", made.now - timedelta(days=10 + at), f"Old {at}") for at in range(10)]
        found.append(records.Post("young", "video", made.now - timedelta(hours=5), "Young"))
        ids = entities.upsert_posts(connection, made.id, account.id, found)
        rows = []
        for one in found:
            share = 4.0 if one.external_id == "young" else 1.0
            for age in (1, 2, 4, 6, 12, 24):
                at = one.published_at + timedelta(hours=age)
                if at <= made.now:
                    rows.append((ids[one.external_id], METRICS["views"].id, epoch_ms(at), 100.0 * age * share))
        readings.write(connection, made.id, rows)
    return ids["young"]


def test_it_shows_the_post_and_the_way_back(filled, post):
    app = opened(post)
    assert not app.exception
    assert not app.error
    labels = [one.label.replace("\\", "") for one in app.button]
    for label in ("Top posts", "Instagram", "North instagram", "Earlier", "Later"):
        assert label in labels
    assert "**Bold** <script>alert(1)</script>" in "\n".join(one.value for one in app.text)
    for kind in ("markdown", "caption"):
        assert not any("**Bold** <script>" in str(one.value) for one in app.get(kind))


def test_it_shows_every_number_with_where_it_comes_from(filled, post):
    found = opened(post).dataframe[0].value
    assert found["Number"].tolist() == ["Engagement", "Engagement rate", "Views", "Likes", "Comments", "Shares"]
    assert found["Value"].tolist()[0] == "45"
    assert found["Field there"].tolist()[0] == "computed: likes + comments + shares"
    assert found["Rank"].tolist()[0] == "n/a"
    assert all(found["Last new value"])


def test_it_says_why_there_is_no_usual_curve(filled, post):
    said = plain(opened(post))
    assert "No usual curve: not enough posts yet: 0 of 8 were read at these ages." in said
    assert "First read when it was 3.0 days old: how it grew before is not known." in said


def test_it_holds_a_young_post_against_the_usual_at_its_age(filled):
    app = opened(grown(filled, "North instagram"))
    assert not app.exception
    assert "4.0× the usual views at 4 h" in plain(app)
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.alt == "Views since it came out: 1,600; usually 400 at the same age"


def test_it_shows_the_curve_as_a_table(filled):
    app = opened(grown(filled, "North instagram"))
    app.button(key="table-growth").click().run()
    assert {"Age, hours", "Views", "Usual"} <= set(app.dataframe[0].value.columns)


def test_it_draws_another_number_and_another_span(filled, post):
    app = opened(post)
    app.selectbox(key="growth_by").set_value("engagement").run()
    app.selectbox(key="growth_span").set_value("720").run()
    assert not app.exception
    assert "How did its engagement grow?" in plain(app)


def test_it_tells_how_comments_sound_and_names_nobody(filled, post):
    app = opened(post)
    said = plain(app)
    assert "I love this, thank you!" in said
    assert "wait for 30 before reading anything into it" in said
    assert "Ada" not in said
    app.toggle(key="comment_names").set_value(True).run()
    assert "Ada" in plain(app)
    shares = [one.proto.text for one in app.get("progress")]
    assert any(one.replace("\\", "").startswith("**Positive 50.0") for one in shares)


def test_it_goes_to_the_post_before(filled, post):
    app = opened(post)
    assert next(one for one in app.button if one.key == "turn-later").disabled
    next(one for one in app.button if one.key == "turn-earlier").click().run()
    assert not app.exception
    assert "Hi" in [one.value for one in app.text]


def test_it_goes_back_to_the_posts_of_the_account(filled, post):
    app = opened(post)
    next(one for one in app.button if one.key == "crumb-account").click().run()
    assert app.title[0].value == "Which posts did best?"
    assert app.session_state["p"] == ["instagram"]
    assert len(app.dataframe[0].value) == 2


def test_it_shows_a_post_that_was_never_read(filled):
    with filled.database.write() as connection:
        account = entities.accounts(connection, filled.id)[0].id
        new = records.Post("unread", "reel", filled.now - timedelta(hours=1))
        made = entities.upsert_posts(connection, filled.id, account, [new])["unread"]
    app = opened(made)
    assert not app.exception
    said = plain(app)
    assert "A reel without text" in said
    assert "None of its counters was read yet." in said
    assert "No other post of the account shares its tags or telling words." in said
    assert "Nobody wrote anything under it yet" in said


@pytest.mark.parametrize("address", ["7", "nonsense", "", "9" * 30], ids=["unknown", "no number", "none", "too long"])
def test_it_is_calm_about_a_post_there_is_not(filled, address):
    app = opened(address)
    assert not app.exception
    assert not app.error
    assert "There is no such post here" in plain(app)
    assert "See all posts" in [one.label for one in app.button]


def test_it_shows_no_post_of_another_workspace(filled, post, sqlite_database):
    from storage import workspaces

    with sqlite_database.write() as connection:
        other = workspaces.create(connection, "Other", now=filled.now, time_zone="UTC", currency="USD", week_start=0)
        made = records.Account(external_id="x", name="x")
        account = entities.upsert_accounts(connection, other, "x", [made], now=filled.now)["x"]
        theirs = entities.upsert_posts(
            connection, other, account, [records.Post("t", "tweet", filled.now - timedelta(days=1), "Secret")]
        )["t"]
    app = opened(theirs)
    assert "There is no such post here" in plain(app)
    assert "Secret" not in plain(app)


def test_it_tells_what_to_do_about_a_failing_source(filled, post, monkeypatch):
    def fail(*_):
        raise SourceUnavailable("Instagram does not answer.", hint="It is asked again in five minutes.")

    monkeypatch.setattr(load, "screen", fail)
    app = opened(post)
    assert not app.exception
    assert "It is asked again in five minutes." in plain(app)
