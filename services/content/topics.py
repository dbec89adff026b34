"""What are posts about, and which subjects go with better posts? Words and pairs of words, judged as hashtags are."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from analytics import hashtags

FEWEST = 5
"""A word in fewer posts says nothing."""
MOST = 120
"""So many words and pairs are judged together; further ones are rarer."""
USUAL = 0.5
"""What more than half of the posts say is no subject of its own."""
_COVERED = 0.8
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|(?<!\w)[@#＃]\S+")
_BREAKS = re.compile(r"[.,;:!?¡¿\n\r()\[\]{}\"“”„«»|/•·–—]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3

_ENGLISH = """about after again all also always and any are because been before being both but can come could did
does doing done down each even ever every few first for from get getting give goes going got had has have having her
here hers him his how into its just keep know let like made make many more most much must need new next not now off
once one only onto other our ours out over own people really same say see she should since some still such take tell
than that the their them then there these they thing things this those through time today too two under until use
very want was way well were what when where which while who why will with without would yes yet you your yours"""
_GERMAN = """aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann das
dass dein deine deinem deinen deiner dem den denn der des die dies diese diesem diesen dieser dieses dir doch dort
du durch ein eine einem einen einer eines er es euch euer eure für gibt habe haben hast hat hier ich ihr ihre ihrem
ihren ihrer im immer in ist ja jede jeden jeder jedes jetzt kann kein keine können machen man mehr mein meine mit
muss nach nicht noch nun nur ob oder ohne schon sehr sein seine sich sie sind so soll über um und uns unser unsere
unserem unseren unserer unter vom von vor war waren warum was weil welche wenn wer werden wie wieder wir wird wo zu
zum zur zwei"""
_FRENCH = """ainsi alors après au aussi autre aux avant avec avez avons bien ce ceci cela celle celui ces cet cette
chaque comme comment dans de depuis des deux donc dont du elle elles en encore entre est et été être eux faire fait
il ils je jour jusqu la le les leur leurs lui mais me même mes moi moins mon ne ni nos notre nous on ont ou où par
parce pas pendant peu peut plus pour pourquoi qu quand que quel quelle quelles quels qui quoi sa sans se ses si son
sont sous sur ta te tes toi ton tous tout toute toutes très trop tu un une vos votre vous"""
_SPANISH = """ahora al algo antes aquí así aunque cada como con contra cual cuando cómo de del desde donde dos
durante el él ella ellas ellos en entre era es esa ese eso esta está están este esto estos fue fueron ha hace hacer
hasta hay hoy la las le les lo los más me mi mis mientras muy nada ni no nos nosotros nuestra nuestras nuestro
nuestros otra otro para pero poco por porque que qué quien se sea ser si sí sin sobre son su sus también tan te
tiene todo todos tu tus tú un una uno unos usted ya yo"""
STOP = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH)).split())
"""Words that carry no subject, in the languages of the site."""


def terms(text: str) -> tuple[str, ...]:
    """The words of a text that can be a subject, and pairs of them that stand beside each other; each once.

    Addresses, mentions and hashtags are left out. Scripts without spaces are not taken apart.

    >>> terms("Our new latte art course. Latte art for all! #coffee")
    ('latte', 'art', 'course', 'latte art', 'art course')
    """
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for chunk in _BREAKS.split(_NOT_WORDS.sub(" \n ", text)):
        before = ""
        for word in _WORD.findall(chunk.casefold()):
            kept = len(word) >= _SHORTEST and word not in STOP
            if kept:
                words[word] = None
                if before and before != word:
                    pairs[f"{before} {word}"] = None
            before = word if kept else ""
    return (*words, *pairs)


def effects(posts: pd.DataFrame) -> pd.DataFrame:
    """By how much posts about each subject do better than the same posts would about others.

    Words and pairs of words that at least five posts and at most half of them say, the most used first, judged by
    `analytics.hashtags.effects`: account, kind, age, growth, hour and the other subjects are taken out, few posts are
    drawn to the usual, and the share of false verdicts is held to 5 %. `posts` as there. Answers `topic`, `uses`,
    `lift`, `lower`, `upper`, `verdict`, `trend`.
    """
    said = [terms(text) for text in posts["text"]]
    chosen = _chosen(said)
    if not chosen:
        return pd.DataFrame(columns=["topic", *hashtags.COLUMNS[1:]])
    tags = [[term for term in each if term in chosen] for each in said]
    found = hashtags.effects(posts.assign(tags=pd.Series(tags, index=posts.index, dtype=object)))
    return found.rename(columns={"tag": "topic"})


def _chosen(said: list[tuple[str, ...]]) -> frozenset[str]:
    counts = Counter(term for each in said for term in each)
    often = [term for term, n in counts.items() if FEWEST <= n <= USUAL * len(said)]
    pairs = [term for term in often if " " in term]
    covered = {word for pair in pairs for word in pair.split() if counts[pair] >= _COVERED * counts[word]}
    kept = sorted((term for term in often if term not in covered), key=lambda term: (-counts[term], term))
    return frozenset(kept[:MOST])
