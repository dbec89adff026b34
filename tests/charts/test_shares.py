import itertools

import numpy as np
import pandas as pd
import pytest

from charts import shares, theme
from tests.charts.test_theme import DARK, SEEN, WHITE, contrast, lab, linear

KINDS = ["Likes", "Comments", "Shares"]


def frame(*rows):
    return pd.DataFrame(rows, columns=["platform", "title", "kind", "value", "share"])


def drawn(*rows):
    spec = shares.bars(frame(*rows), KINDS, "Reaction").to_dict()
    name = spec["layer"][0]["data"]["name"]
    return spec, {(row["title"], row["kind"]): row for row in spec["datasets"][name]}


def test_it_lays_the_parts_end_to_end_in_one_order():
    _, rows = drawn(("x", "X", "Comments", 3, 0.3), ("x", "X", "Likes", 7, 0.7), ("tiktok", "TikTok", "Shares", 5, 1.0))
    assert (rows["X", "Likes"]["begin"], rows["X", "Likes"]["end"]) == (0, 0.7)
    assert rows["X", "Comments"]["begin"] == 0.7
    assert rows["X", "Comments"]["end"] == pytest.approx(1)
    assert (rows["TikTok", "Shares"]["begin"], rows["TikTok", "Shares"]["end"]) == (0, 1)


def test_it_keeps_the_colour_of_a_kind_whichever_others_there_are():
    for rows in ([("x", "X", "Shares", 5, 1.0)], [("x", "X", "Likes", 5, 0.5), ("x", "X", "Shares", 5, 0.5)]):
        spec, _ = drawn(*rows)
        scale = spec["layer"][0]["encoding"]["color"]["scale"]
        assert dict(zip(scale["domain"], scale["range"], strict=True))["Shares"] == theme.SERIES[2]


def test_it_writes_legibly_on_every_part():
    kinds = [str(at) for at in range(len(theme.SERIES))]
    parts = frame(*(("x", "X", kind, 5, 0.2) for kind in kinds))
    spec = shares.bars(parts, kinds, "Reaction").to_dict()
    for row in spec["datasets"][spec["layer"][0]["data"]["name"]]:
        assert contrast(row["ink"], theme.SERIES[int(row["kind"])]) >= 4.5


def test_it_says_when_there_is_nothing():
    assert shares.bars(frame(), KINDS, "Reaction").to_dict()["mark"]["type"] == "text"


@pytest.mark.parametrize("ground", [WHITE, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour", theme.SERIES)
def test_it_has_colours_that_stand_out(colour, ground):
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("eye", SEEN)
def test_it_has_colours_that_stay_apart_for_every_eye(eye):
    seen = [lab(SEEN[eye] @ linear(colour)) for colour in theme.SERIES]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= 20
