"""Who reads: sentences, plurals, figures and dates in every language of the site."""

import subprocess
import sys
import threading
from datetime import date

import pytest

from core import language, numbers
from core.language import LANGUAGES, figure, tr, trn, using
from core.metric import Unit
from core.question import Period
from services.words import calendar

APRIL = Period(date(2026, 4, 1), date(2026, 4, 20))
TURN = Period(date(2025, 12, 31), date(2026, 1, 1))


@pytest.fixture
def words(translated):
    """German and French with a few sentences; Spanish has no words yet."""
    day = ("{n} day", "{n} days")
    german = {"Views": "Aufrufe", "{n} of {all}": "{n} von {all}", "{names} and {last}": "{names} und {last}"}
    translated("de", german, (day, ("{n} Tag", "{n} Tage")))
    translated("fr", {"Views": "Vues"}, (day, ("{n} jour", "{n} jours")))


@pytest.mark.parametrize(
    ("code", "whole", "longer", "day", "days"),
    [
        ("en", "1,234.5", "12,345", "21 Apr 2026", "1–20 Apr 2026"),
        ("de", "1.234,5", "12.345", "21. Apr. 2026", "1.–20. Apr. 2026"),
        ("es", "1234,5", "12.345", "21 abr 2026", "1–20 abr 2026"),
        ("fr", "1\u202f234,5", "12\u202f345", "21 avr. 2026", "1–20 avr. 2026"),
    ],
)
def test_it_writes_figures_and_days_as_each_language_does(code, whole, longer, day, days):
    with using(code):
        assert figure("1,234.5") == whole
        assert figure("12,345") == longer
        assert calendar.day_words(date(2026, 4, 21), year=True) == day
        assert calendar.words(APRIL, year=True) == days


@pytest.mark.parametrize(
    ("code", "count", "large", "money", "change"),
    [
        ("en", "15.2K", "2.5M", "EUR 1.42", "+18.4"),
        ("de", "15,2 Tsd.", "2,5 Mio.", "1,42 EUR", "+18,4"),
        ("es", "15,2 mil", "2,5 M", "1,42 EUR", "+18,4"),
        ("fr", "15,2 k", "2,5 M", "1,42 EUR", "+18,4"),
    ],
)
def test_it_writes_short_numbers_as_each_language_does(code, count, large, money, change):
    with using(code):
        assert numbers.short(15_230, Unit.COUNT) == count
        assert numbers.short(2_500_000, Unit.COUNT) == large
        assert numbers.short(1.42, Unit.MONEY, "EUR") == money
        assert numbers.percent(0.184) == f"{change}\u202f%"


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_it_names_both_years_of_a_period_over_new_year(code):
    with using(code):
        said = calendar.words(TURN)
    assert "2025" in said
    assert "2026" in said


@pytest.mark.parametrize(
    ("code", "monday", "sunday"),
    [("en", "Monday", "Sun"), ("de", "Montag", "So."), ("es", "lunes", "dom"), ("fr", "lundi", "dim.")],
)
def test_it_names_the_days_of_the_week(code, monday, sunday):
    with using(code):
        assert language.weekday(0) == monday
        assert language.weekday(6, short=True) == sunday


def test_it_keeps_every_digit_in_every_language():
    for code in LANGUAGES:
        with using(code):
            told = figure("1,234,567.89")
        assert "".join(sign for sign in told if sign.isdigit()) == "123456789"


def test_it_writes_words_in_one_language_and_figures_in_another(words):
    with using("en", "de"):
        assert tr("Views") == "Views"
        assert figure("1,234.5") == "1.234,5"
        assert trn("{n} day", "{n} days", 1234) == "1.234 days"
        assert language.weekday(0) == "Monday"


def test_it_says_what_it_knows_and_leaves_the_rest_in_english(words):
    with using("de"):
        assert tr("Views") == "Aufrufe"
        assert tr("{n} of {all}", n=3, all=12) == "3 von 12"
        assert tr("Nobody has said this") == "Nobody has said this"
        assert tr("") == ""
    assert tr("Views") == "Views"


def test_it_leaves_braces_in_what_people_wrote(words):
    with using("de"):
        assert tr("{n} of {all}", n="{all}", all="{x}") == "{all} von {x}"
    assert tr("{odd}") == "{odd}"


@pytest.mark.parametrize(
    ("code", "n", "said"),
    [
        ("en", 0, "0 days"),
        ("en", 1, "1 day"),
        ("en", 1200, "1,200 days"),
        ("de", 0, "0 Tage"),
        ("de", 1, "1 Tag"),
        ("de", 1200, "1.200 Tage"),
        ("fr", 0, "0 jour"),
        ("fr", 1, "1 jour"),
        ("fr", 2, "2 jours"),
        ("es", 1, "1 day"),
    ],
)
def test_it_counts_by_the_rules_of_each_language(words, code, n, said):
    with using(code):
        assert trn("{n} day", "{n} days", n) == said


def test_it_takes_another_value_in_place_of_the_count(words):
    with using("de"):
        assert trn("{n} day", "{n} days", 2, n="zwei") == "zwei Tage"


def test_it_ends_a_sentence_once(words):
    with using("en", "de"):
        assert tr("Between {low} and {high}.", low="0", high="2,3 Tsd.") == "Between 0 and 2,3 Tsd."
        assert trn("{n} of {all}.", "{n} of {all}.", 2, all="3 Mio.") == "2 of 3 Mio."
        assert tr("Wait {what}...", what="on") == "Wait on..."
        assert tr("Until {year}.", year="2026") == "Until 2026."
    assert tr("{text}.", text="Said..") == "Said..."


def test_it_joins_names_and_puts_titles_into_sentences(words):
    assert language.listed(["X", "TikTok", "YouTube"]) == "X, TikTok and YouTube"
    assert language.listed([]) == ""
    assert language.inside("Engagement rate") == "engagement rate"
    with using("de"):
        assert language.listed(["X", "TikTok"]) == "X und TikTok"
        assert language.inside("Aufrufe") == "Aufrufe"
        assert language.currency("GBP") == "Britisches Pfund"


def test_it_speaks_only_languages_whose_words_exist(words):
    assert language.spoken() == ("en", "de", "fr")


@pytest.mark.parametrize(
    ("asked", "code"),
    [("de-AT", "de"), ("fr_CA", "fr"), ("ES", "es"), ("en-US", "en"), ("pt-BR", "en"), ("", "en"), (None, "en")],
)
def test_it_takes_the_language_a_browser_asks_for(asked, code):
    assert language.nearest(asked).code == code


def test_it_goes_back_to_who_read_before(words):
    with using("de"):
        with using("fr"):
            assert tr("Views") == "Vues"
        assert tr("Views") == "Aufrufe"
        with pytest.raises(KeyError), using("fr"):
            raise KeyError
        assert tr("Views") == "Aufrufe"
    assert language.reader().words.is_english


def test_it_keeps_readers_on_other_threads_apart(words):
    found = []
    with using("de"):
        other = threading.Thread(target=lambda: found.append(tr("Views")))
        other.start()
        other.join()
        assert tr("Views") == "Aufrufe"
    assert found == ["Views"]


def test_it_asks_the_site_who_is_reading(words, monkeypatch):
    monkeypatch.setattr(language, "_source", lambda: language.Reader(LANGUAGES["fr"], LANGUAGES["de"]))
    assert tr("Views") == "Vues"
    assert figure("1,234.5") == "1.234,5"
    with using("de"):
        assert tr("Views") == "Aufrufe"


def test_it_imports_nothing_more_for_english():
    """What most read waits for no import of a library of languages."""
    said = (
        "import sys; from datetime import date; from core import language; from services.words import calendar;"
        "from core.question import Period; language.tr('x {n}', n=1); language.trn('{n} a', '{n} b', 2);"
        "language.figure('1,234.5'); language.weekday(3); language.weekday(3, short=True); language.listed(['a', 'b']);"
        "calendar.words(Period(date(2026, 4, 1), date(2026, 4, 20))); calendar.day_words(date(2026, 4, 1), year=True);"
        "assert 'babel' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", said], check=False, capture_output=True).returncode == 0
