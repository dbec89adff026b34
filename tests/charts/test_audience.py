"""The charts of the audience: where bars stand, what a map is made of, and what is hatched."""

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from charts import audience, hours, movement, picture, theme, world
from core.question import By

NAN = float("nan")


def moved(*rows, first=date(2026, 11, 2), step=1):
    """Rows of (gained, lost, net_only)."""
    frame = pd.DataFrame(rows, columns=["gained", "lost", "net_only"])
    parts = frame[["gained", "net_only"]].assign(lost=-frame["lost"])
    return frame.assign(
        bucket=[first + timedelta(days=step * at) for at in range(len(rows))],
        net=parts.sum(axis=1, min_count=1), unfinished=False, without="",
    )  # fmt: skip


def bars(spec):
    """The rows of the bars, by kind."""
    return {row["kind"]: row for row in spec["datasets"][spec["layer"][0]["data"]["name"]]}


def test_it_draws_gains_up_losses_down_and_the_net_of_others_behind_them():
    drawn = bars(movement.movement(moved((50, 20, 5)), ["Mon"], By.DAY).to_dict())
    assert [(drawn[kind]["low"], drawn[kind]["high"]) for kind in (movement.GAINED, movement.LOST, movement.OTHERS)] == [
        (0, 50), (-20, 0), (50, 55),
    ]  # fmt: skip


def test_it_draws_a_shrinking_rest_below_the_losses():
    others = bars(movement.movement(moved((50, 20, -5)), ["Mon"], By.DAY).to_dict())[movement.OTHERS]
    assert (others["low"], others["high"]) == (-25, -20)


def test_it_draws_nothing_for_what_is_not_known():
    frame = moved((50, 20, NAN), (NAN, NAN, 3))
    spec = movement.movement(frame, ["Mon", "Tue"], By.DAY).to_dict()
    rows = spec["datasets"][spec["layer"][0]["data"]["name"]]
    assert [(row["kind"], row["when"]) for row in rows] == [
        (movement.GAINED, "Mon"), (movement.LOST, "Mon"), (movement.OTHERS, "Tue"),
    ]  # fmt: skip


def test_it_says_that_no_gains_are_known():
    assert movement.movement(moved((NAN, NAN, NAN)), ["Mon"], By.DAY).to_dict()["mark"]["type"] == "text"


@pytest.mark.parametrize(
    ("by", "first", "days"),
    [(By.DAY, date(2026, 2, 28), 1), (By.WEEK, date(2026, 11, 2), 7), (By.MONTH, date(2026, 2, 1), 28)],
    ids=["day", "week", "February"],
)
def test_it_makes_the_last_bar_as_wide_as_its_bucket(by, first, days):
    row = bars(movement.movement(moved((5, 2, NAN), first=first), ["x"], by).to_dict())[movement.GAINED]
    assert (row["end"] - row["begin"]) / 86_400_000 == pytest.approx(days * 0.76)


def parts(**shares):
    return pd.DataFrame(
        {
            "name": list(shares), "share": list(shares.values()), "earlier": [NAN] * len(shares),
            "count": "1", "moved": "not known",
        }
    )  # fmt: skip


def test_it_starts_bars_of_shares_at_zero_and_keeps_their_order():
    spec = audience.shares(parts(Graz=0.2, Linz=0.5), theme.ACCENT, "City").to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["Graz", "Linz"]
    assert len(spec["layer"]) == 2, "no line of an earlier date"


def test_it_marks_the_earlier_share_where_it_is_known():
    rows = parts(Graz=0.2, Linz=0.5)
    spec = audience.shares(rows.assign(earlier=[0.3, NAN]), theme.ACCENT, "City").to_dict()
    marked = spec["datasets"][spec["layer"][1]["data"]["name"]]
    assert [(row["name"], row["earlier"]) for row in marked] == [("Graz", 0.3)]


def test_it_puts_genders_one_behind_the_other_by_age():
    rows = pd.DataFrame(
        {
            "age": ["25-34", "18-24", "25-34"], "gender": ["Men", "Women", "Women"], "share": [0.3, 0.2, 0.5],
            "count": "1", "moved": "",
        }
    )  # fmt: skip
    spec = audience.ages(rows).to_dict()
    drawn = spec["datasets"][spec["layer"][0]["data"]["name"]]
    places = {(row["age"], row["gender"]): (row["begin"], row["end"]) for row in drawn}
    assert places[("25-34", "Women")] == (0, 0.5)
    assert places[("25-34", "Men")] == (0.5, 0.8)
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["18-24", "25-34"]


def lands(**shares):
    keys = sorted(world.codes())
    return pd.DataFrame({"key": keys, "name": keys, "share": [shares.get(key, NAN) for key in keys], "said": ""})


def test_it_draws_a_map_without_asking_anybody():
    spec = theme.spec(world.countries(lands(DE=0.6, AT=0.2)))
    assert "url" not in json.dumps(spec), "no third party is asked for outlines"
    assert spec["data"]["format"] == {"feature": "countries", "type": "topojson"}
    assert picture.draw(spec, "svg", title="Where").count(b"<path") > 150


def test_it_ships_small_outlines_with_their_licence():
    folder = Path(world.__file__).parent
    assert (folder / "world.json").stat().st_size < 200_000
    assert "public domain" in (folder / "world-LICENSE.txt").read_text(encoding="utf-8").lower()
    assert {"DE", "US", "BR", "ZA", "JP", "AU", "XK", "TT"} <= world.codes()
    assert not {"AQ", "SG"} & world.codes()


def test_it_has_no_map_without_a_country_on_it():
    assert world.countries(lands()).to_dict()["mark"]["type"] == "text"


def week(*rows):
    return pd.DataFrame(rows, columns=["weekday", "hour", "mean", "low", "high", "seen"])


def test_it_hatches_hours_that_were_seen_too_seldom():
    spec = hours.there(week((0, 5, 100.0, 90.0, 110.0, 4), (1, 5, 300.0, 300.0, 300.0, 2)), 6).to_dict()
    weak, known = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [row["when"] for row in weak] == ["Tuesday 05:00 to 06:00"]
    assert [(row["when"], row["exact"], row["span"]) for row in known] == [
        ("Monday 05:00 to 06:00", "100", "90 to 110"),
    ]  # fmt: skip
    assert spec["layer"][1]["encoding"]["color"]["scale"]["domain"] == [0, 100], "what is hatched sets no colour"
    assert spec["layer"][1]["encoding"]["y"]["scale"]["domain"][0] == "Sun"


def test_it_says_that_no_hours_are_known():
    assert hours.there(week(), 0).to_dict()["mark"]["type"] == "text"


def test_it_leaves_room_for_long_names_but_not_for_all():
    short, long = (audience.shares(parts(**{name: 0.5}), theme.ACCENT, "City") for name in ("Graz", "x" * 90))
    room = [one.to_dict()["layer"][0]["encoding"]["y"]["axis"]["minExtent"] for one in (short, long)]
    assert room[0] < 40
    assert room[1] == 160
