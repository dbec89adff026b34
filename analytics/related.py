"""Which texts are about the same? Shared tags and words, the rarer the more they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

COMMON = 0.25
"""What is in more than this share of the texts says nothing about one of them."""
FEW = 8
"""Below this many texts nothing is called common."""
_SHORTEST = 4
_LINK = re.compile(r"https?://\S+|www\.\S+|@\w+")
_TAG = re.compile(r"#(\w+)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def terms(text: str, tags: Collection[str] = ()) -> frozenset[str]:
    """The tags and the longer words of a text, in lower case; tags begin with #.

    {#tag} and {words of four letters and more}, without links and mentions. Commonly got wrong: a tag inside the text
    counted once as a tag and once as a word.

    Parameters
    ----------
    text : str
        Any text; may be empty.
    tags : collection of str
        Tags that are known besides, with or without #.

    Returns
    -------
    frozenset of str
        Empty for a text without any.

    Raises
    ------
    Nothing.

    Notes
    -----
    Works for languages that part words by spaces. Invariants: the order of words and their number do not matter.

    References
    ----------
    Ours.

    Examples
    --------
    >>> sorted(terms("New Kenya beans, see https://example.org #Coffee", ["beans"]))
    ['#beans', '#coffee', 'beans', 'kenya']
    >>> terms("")
    frozenset()
    """
    bare = _LINK.sub(" ", text.casefold())
    found = {f"#{tag}" for tag in _TAG.findall(bare)} | {f"#{tag.lstrip('#').casefold()}" for tag in tags}
    return frozenset(found | {word for word in _WORD.findall(_TAG.sub(" ", bare)) if len(word) >= _SHORTEST})


def weights(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much a term says: ln(n / number of texts that have it), 0 for what more than a quarter of them has.

    idf. Commonly got wrong: the tag that every post of an account carries, taken for a topic.

    Parameters
    ----------
    texts : sequence of frozenset of str, (n,)
        As `terms` gives them.

    Returns
    -------
    dict of str to float
        Natural logarithms, 0 or more. With fewer than eight texts nothing is called common.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariants: the order of the texts does not matter; a rarer term never weighs less than a more frequent one.

    References
    ----------
    K. Sparck Jones, A statistical interpretation of term specificity, 1972, doi:10.1108/eb026526; the cut is ours.

    Examples
    --------
    >>> weighed = weights([frozenset({"kenya", "the coffee"}), frozenset({"the coffee"})])
    >>> round(weighed["kenya"], 3), weighed["the coffee"]
    (0.693, 0.0)
    >>> weights([])
    {}
    """
    n, counts = len(texts), Counter(term for text in texts for term in text)
    most = COMMON * n if n >= FEW else n
    return {term: float(np.log(n / count)) if count <= most else 0.0 for term, count in counts.items()}


def likeness(texts: Sequence[frozenset[str]], of: int) -> NDArray[np.float64]:
    """How much each text is about the same as one of them: from 0 (nothing shared) to 1 (the same terms).

    Cosine of the sets, each term weighed by how rare it is: sum of w^2 over shared terms, over the product of the two
    lengths. Commonly got wrong: the number of shared words, which long texts win.

    Parameters
    ----------
    texts : sequence of frozenset of str, (n,)
        As `terms` gives them.
    of : int
        Which of them is compared with the others.

    Returns
    -------
    ndarray of float, (n,), 0 to 1
        0 for a text without telling terms, also for itself.

    Raises
    ------
    IndexError
        When there is no such text.

    Notes
    -----
    It knows no synonyms and no other forms of a word. Invariants: symmetric; a text with the same terms has 1; the
    order of the others does not matter.

    References
    ----------
    G. Salton, C. Buckley, Term-weighting approaches in automatic text retrieval, 1988,
    doi:10.1016/0306-4573(88)90021-0.

    Examples
    --------
    >>> some = [frozenset({"kenya", "beans"}), frozenset({"kenya", "beans"}), frozenset({"shop"})]
    >>> likeness(some, 0).round(3).tolist()
    [1.0, 1.0, 0.0]
    >>> likeness([frozenset()], 0).tolist()
    [0.0]
    """
    weighed = weights(texts)
    squares = {term: weight**2 for term, weight in weighed.items()}
    mine = texts[of]
    lengths = np.sqrt([sum(squares[term] for term in text) for text in texts])
    shared = np.array([sum(squares[term] for term in text & mine) for text in texts], float)
    under = lengths * lengths[of]
    return np.asarray(np.divide(shared, under, out=np.zeros(len(texts)), where=under > 0).clip(0.0, 1.0))
