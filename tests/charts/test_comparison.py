from charts import comparison, theme
from tests.charts.by_hand import by_platform


def test_it_sorts_the_biggest_first_and_leaves_out_what_is_missing():
    rows = comparison.rows(by_platform({"x": (5, 4), "youtube": (9, 10), "tiktok": (None, 2)}), "engagement")
    assert rows["platform"].tolist() == ["youtube", "x"]


def test_it_gives_each_platform_its_one_colour():
    rows = comparison.rows(by_platform({"x": (5, 4), "youtube": (9, 10)}), "engagement")
    spec = comparison.bars(rows, "Engagement").to_dict()
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale["range"] == [theme.PLATFORMS["youtube"], theme.PLATFORMS["x"]]


def test_it_starts_bars_at_zero():
    rows = comparison.rows(by_platform({"x": (5, 4)}), "engagement")
    spec = comparison.bars(rows, "Engagement").to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0


def test_it_lets_a_click_pick_a_platform():
    rows = comparison.rows(by_platform({"x": (5, 4)}), "engagement")
    spec = comparison.bars(rows, "Engagement").to_dict()
    assert [param["name"] for param in spec["params"]] == [theme.PICK]


def test_it_says_why_a_change_is_undefined():
    answer = by_platform({"x": (5, 0)})
    assert comparison.rows(answer, "engagement")["change"].tolist() == [""]


def test_it_survives_a_split_without_values():
    rows = comparison.rows(by_platform({"x": (None, None)}), "engagement")
    assert comparison.bars(rows, "Engagement").to_dict()["mark"]["type"] == "text"
