"""Content type and tag in the filter bar: what they narrow, what they say, and where they are kept."""

from datetime import timedelta

import pytest

from core import records
from core.question import Posts
from services.team import views
from storage import entities
from tests.ui.conftest import open_page, plain
from tests.ui.test_filters import chosen

SOME = "numbers of whole accounts count everything"


@pytest.fixture
def tagged(filled):
    found = [
        records.Post(f"reel{at}", "reel", filled.now - timedelta(days=5 + at), f"Reel {at} #brew", tags=("brew",))
        for at in range(3)
    ]
    with filled.database.write() as connection:
        account = next(one.id for one in entities.accounts(connection, filled.id, None) if one.platform == "instagram")
        entities.upsert_posts(connection, filled.id, account, found)
    return filled


def test_it_offers_what_is_used_and_reads_it_from_the_link(screen, tagged):
    app = screen(kind="Reel", tag="#brew")
    assert app.multiselect(key="kind").options == ["Video", "Reel"]
    assert app.multiselect(key="tag").options == ["#brew"]
    assert chosen(app).posts == Posts(("reel",), ("brew",))
    assert chosen(screen(kind="Carousel", tag="#gone")).posts == Posts()
    assert chosen(screen(kind=["Reel", "Video"])).posts.kinds == ("reel", "video")


def test_it_says_what_it_does_not_narrow_only_where_that_stands(screen, tagged):
    assert SOME not in plain(screen())
    assert SOME in plain(screen(kind="Reel"))
    assert SOME not in plain(open_page("performance/posts.py", kind="Reel"))


@pytest.mark.parametrize(
    "path", ["overview/overview.py", "performance/posts.py", "performance/platforms.py", "performance/platform.py",
             "timing/best_time.py", "timing/hashtags.py", "timing/lab.py"],
)  # fmt: skip
def test_it_draws_every_page_of_posts_narrowed(screen, tagged, path):
    app = open_page(path, kind="Reel", tag="#brew", p="Instagram")
    assert not app.exception and not app.error
    assert chosen(app).posts == Posts(("reel",), ("brew",))
    assert "**Reel, #brew**" in plain(app)


@pytest.mark.parametrize("path", ["timing/best_time.py", "timing/hashtags.py", "timing/lab.py", "performance/posts.py"])
def test_it_says_so_where_no_post_is_like_that(screen, tagged, path):
    app = open_page(path, kind="Reel", p="YouTube")
    assert not app.exception
    assert "No post is of this content type and tag here." in plain(app)


def test_it_lists_only_the_posts_that_are_meant(screen, tagged):
    assert "7 posts" in plain(open_page("performance/posts.py"))
    assert "3 posts" in plain(open_page("performance/posts.py", kind="Reel"))


def test_it_narrows_nothing_where_nothing_is_made_of_posts_and_keeps_the_choice(screen, tagged):
    app = open_page("audience/audience.py", kind="Reel")
    assert chosen(app).posts == Posts() and "Reel" not in app.button(key="fold_button").label
    assert app.session_state["kind"] == ["reel"]


def test_it_names_the_choice_on_a_phone_and_leads_back_step_by_step(screen, tagged):
    app = screen(kind="Reel", tag="#brew", p="Instagram")
    assert app.button(key="fold_button").label == "Last 30 days, Instagram, Reel, #brew"
    app.button(key="crumb-platform").click().run()
    assert chosen(app).posts == Posts() and chosen(app).where.platforms == ("instagram",)
    app = screen(kind="Reel")
    app.button(key="crumb-posts").click().run()
    assert chosen(app).posts == Posts()


def test_it_is_reset_and_kept_in_views_with_the_rest(screen, tagged):
    views.save(tagged.viewer, "Reels", {"period": "last_7", "kind": ["reel", "gone"], "tag": ["brew"]})
    app = screen(kind="Video")
    app.session_state["views"] = True
    app.run()
    app.button(key="view-0").click().run()
    assert chosen(app).posts == Posts(("reel",), ("brew",))
    app.text_input(key="view_name").set_value("Again")
    next(one for one in app.button if one.label == "Save").click().run()
    assert views.read(tagged.viewer)[0].state["kind"] == ["reel"]
    app.button(key="reset").click().run()
    assert chosen(app).posts == Posts() and "reset" not in {button.key for button in app.button}
