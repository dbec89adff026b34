"""Which texts are about the same: shared tags and words, the rarer the more they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.related import likeness, terms, weights

TEXTS = st.lists(st.frozensets(st.sampled_from("abcdefgh")), min_size=1, max_size=12)


def test_it_reads_tags_and_longer_words_once():
    assert terms("Kenya, kenya! #Coffee and @friend https://example.org/kenyan") == {"kenya", "#coffee"}
    assert terms("", ["#Menu", "menu"]) == {"#menu"}


def test_it_weighs_a_term_by_how_rare_it_is():
    some = [frozenset({"all", "one"}), *[frozenset({"all"})] * 3]
    assert weights(some) == {"all": 0.0, "one": pytest.approx(np.log(4))}


def test_it_hears_nothing_in_what_most_posts_carry():
    """The tag an account puts under everything is no subject."""
    some = [frozenset({"#us", f"own {at}"}) for at in range(10)]
    assert likeness(some, 0).tolist() == pytest.approx([1.0, *[0.0] * 9])


def test_it_finds_the_text_with_the_rarer_term_in_common():
    some = [frozenset({"kenya", "menu"}), frozenset({"kenya"}), frozenset({"menu"}), frozenset({"menu", "shop"})]
    alike = likeness(some, 0)
    assert alike[1] > alike[2] > 0


@given(TEXTS)
def test_it_is_symmetric_and_between_0_and_1(some):
    table = np.array([likeness(some, at) for at in range(len(some))])
    assert np.allclose(table, table.T)
    assert ((table >= 0) & (table <= 1)).all()


@given(TEXTS)
def test_it_does_not_depend_on_the_order(some):
    mine, turned = likeness(some, 0), likeness(some[:1] + some[:0:-1], 0)
    assert np.allclose(mine[1:], turned[:0:-1])


def test_it_says_nothing_of_a_text_without_terms():
    assert likeness([frozenset(), frozenset({"kenya"})], 0).tolist() == [0.0, 0.0]
    with pytest.raises(IndexError):
        likeness([], 0)
