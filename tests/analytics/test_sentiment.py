"""How comments sound: worked examples, invariants, what is not understood, and shares."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.sentiment import LABELS, label, mood, named, polarity, understood
from analytics.sentiment.features import book
from analytics.sentiment.tokens import tokens

CLEAR = {
    "negative": [
        "I hate this app, it keeps crashing and nobody answers",
        "worst customer service ever :(",
        "so disappointed, never buying from you again!!",
        "this is terrible",
        "Das ist echt schlecht und nervt nur noch",
        "So ein Mist, ich bin total enttäuscht :(",
        "C'est vraiment nul, je suis très déçu",
        "Quelle horreur, un service détestable",
        "😠😠😠",
    ],
    "positive": [
        "I love this so much, thank you!!",
        "This is the best day ever :)",
        "Congratulations, what an amazing team 🎉❤️",
        "sooooo good, can't wait!!",
        "Das ist super, vielen Dank :)",
        "Ich liebe diese Band, einfach toll!",
        "J'adore, merci beaucoup, c'est magnifique !",
        "Bravo, une équipe formidable et un beau succès",
        "😍😍",
    ],
    "neutral": [
        "The meeting is on Tuesday at the town hall",
        "Does anyone know when the shop opens tomorrow?",
        "Der Bundestag tritt am Mittwoch zusammen",
        "Le magasin est dans la rue de la gare",
    ],
}
TEXT = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["love", "not", "bad", "the", "schlecht", "nicht", "très", "😍", ":(", "!!", "#LoveIt", "@you", "GREAT"]
    ),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in CLEAR.items() for text in texts])
def test_it_reads_clear_comments(name, text):
    assert label([text]).tolist() == [name]


@pytest.mark.parametrize(
    ("plain", "turned"),
    [
        ("this is good", "this is not good"),
        ("I like it", "I don't like it"),
        ("das ist gut", "das ist nicht gut"),
        ("c'est bon", "c'est pas bon"),
    ],
)
def test_it_hears_a_negation(plain, turned):
    good, bad = polarity([plain, turned])
    assert good > 0 > bad


def test_it_hears_what_stands_around_the_words():
    plain, face, frown = polarity(["see you tomorrow", "see you tomorrow :)", "see you tomorrow :("])
    assert frown < plain < face
    base, hashtag = polarity(["monday", "monday #LoveThis"])
    assert hashtag > base


def test_it_leaves_out_links_figures_and_who_is_meant():
    bare = "thanks, great work"
    assert np.allclose(polarity([bare]), polarity([bare + " https://example.org/bad?hate=1 1234"]))
    assert polarity(["@hater " + bare])[0] == polarity(["@lover " + bare])[0]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "https://example.org", "@you", "1234 50 %", "…", None, float("nan"), pd.NA],
    ids=["empty", "blank", "link", "mention", "figures", "mark", "none", "nan", "na"],
)
def test_it_says_nothing_of_a_text_without_words(text):
    assert np.isnan(polarity([text])).all()
    assert label([text]).tolist() == ["unknown"]
    assert understood([text]).tolist() == [False]


@pytest.mark.parametrize(
    "text",
    [
        "muchas gracias por todo, hasta luego amigos",
        "oggi non sono andato a scuola perché ero malato",
        "não quero mais isso, obrigado pela ajuda",
        "Это очень плохо, я разочарован",
        "これは本当に素晴らしいです",
        "هذا سيء جدا",
    ],
    ids=["spanish", "italian", "portuguese", "russian", "japanese", "arabic"],
)
def test_it_does_not_guess_in_other_languages(text):
    assert label([text]).tolist() == ["unknown"]


def test_it_reads_code_mixed_comments_by_what_it_knows():
    assert label(["yaar this movie is so boring and bad, waste of time bhai"]).tolist() == ["negative"]


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXT, max_size=8), st.randoms())
def test_it_reads_each_text_alone(texts, random):
    whole = polarity(texts)
    assert whole.shape == (len(texts),)
    assert (np.isnan(whole) | (np.abs(whole) <= 1)).all()
    order = list(range(len(texts)))
    random.shuffle(order)
    np.testing.assert_allclose(polarity([texts[at] for at in order]), whole[order])
    for text, one in zip(texts, whole, strict=True):
        np.testing.assert_allclose(polarity([text])[0], one)


@given(st.lists(st.floats(-1, 1) | st.just(float("nan")), max_size=20))
def test_its_labels_follow_the_polarity(values):
    values = np.array(values, float)
    labels = named(values)
    rank = pd.Series(labels).map({name: at for at, name in enumerate(LABELS)}).to_numpy(float)
    assert (np.isnan(values) == (labels == "unknown")).all()
    kept = ~np.isnan(values)
    order = np.argsort(values[kept], kind="stable")
    assert (np.diff(rank[kept][order]) >= 0).all()


def test_it_survives_hostile_texts():
    texts = [
        "a" * 100_000,
        "good " * 20_000,
        "!" * 10_000,
        "😍" * 10_000,
        "\x00\ud800",
        "~~~ ~",
        ":" * 999,
        "&amp;" * 999,
    ]
    read = polarity(texts)
    assert (np.isnan(read) | (np.abs(read) <= 1)).all()
    assert read[1] > 0


def test_it_takes_columns_and_refuses_one_string():
    column = pd.Series(["great!", None], index=[7, 3])
    assert label(column).tolist() == ["positive", "unknown"]
    assert polarity([]).shape == (0,)
    with pytest.raises(TypeError, match="several"):
        polarity("great")
    with pytest.raises(TypeError, match="int"):
        polarity([3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not good. Good", ["not", "~good", "good"]),
        ("sooooo GOOD!!!", ["<long>", "soo", "good", "!", "!!", "<caps>"]),
        ("VERY GOOD", ["very", "good", "<allcaps>"]),
        ("#LoveThisBrand #sad", ["love", "this", "brand", "sad"]),
        ("I&#39;m at 2:30 :-) <3", ["i'm", "at", ":-)", "<3"]),
        ("never ever at any time again ok", ["never", "~ever", "~at", "~any", "~time", "again", "ok"]),
    ],
)
def test_it_splits_a_text_by_hand(text, expected):
    assert tokens(text) == expected


def test_it_ships_a_small_sound_model():
    model = book()
    assert len(model.weights) == len(model.plain) == len(model.tone) == len(model.kind) == len(model.vocabulary) + 1
    assert np.isfinite(model.weights).all()
    assert not model.weights[-1].any()
    assert not [word for word in model.vocabulary if re.search(r"@\w|\w://|\d{3}", word)]


def test_it_sums_up_shares_by_hand():
    """Wilson's limits of 10 in 50, as in the tables: 0.112 to 0.330."""
    now = mood(["negative"] * 10 + ["neutral"] * 40 + ["unknown"] * 7)
    assert (now.n, now.understood, now.enough) == (57, 50, True)
    assert (now.negative.share, round(now.negative.lower, 3), round(now.negative.upper, 3)) == (0.2, 0.112, 0.330)
    assert now.note == "Not understood: 7 of 57."


@given(st.lists(st.sampled_from([*LABELS, "unknown"]), max_size=60))
def test_its_shares_add_up(labels):
    now = mood(labels)
    shares = [now.negative, now.neutral, now.positive]
    assert now.enough == (now.understood >= 30)
    assert sum(one.count for one in shares) == now.understood == sum(one != "unknown" for one in labels)
    if now.understood:
        assert sum(one.share for one in shares) == pytest.approx(1)
        assert all(0 <= one.lower <= one.share <= one.upper <= 1 for one in shares)
    else:
        assert all(np.isnan(one.share) for one in shares)


def test_its_limits_hold_the_true_share():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        now = mood(rng.choice(LABELS, size=80, p=[0.1, 0.3, 0.6]))
        held += now.negative.lower <= 0.1 <= now.negative.upper
    assert 0.92 <= held / 400 <= 0.98


def test_it_refuses_strange_labels():
    with pytest.raises(ValueError, match="angry"):
        mood(["angry"])
