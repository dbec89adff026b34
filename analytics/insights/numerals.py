"""Numbers in words: "twenty-seven", "siebenundzwanzig", "quatre-vingt-dix"; ordinals, multiples and fractions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def _numbered(words: str, first: int = 0, step: int = 1) -> dict[str, float]:
    return {word: float(first + place * step) for place, word in enumerate(words.split())}


@dataclass(frozen=True, slots=True)
class Numerals:
    """The number words of a language.

    `small` add up, `hundreds` and `large` multiply what stands before them. `vague` are amounts without a number
    ("dozens"). `multiples` say how many times as much, `fractions` which part, `ordinals` which place.
    """

    small: Mapping[str, float]
    hundreds: frozenset[str]
    large: Mapping[str, float]
    joiners: frozenset[str]
    vague: frozenset[str]
    multiples: Mapping[str, float]
    fractions: Mapping[str, float]
    ordinals: Mapping[str, float]
    articles: re.Pattern[str]

    def is_part(self, word: str) -> bool:
        """Whether a word is (a part of) a number in words."""
        return word in self.small or word in self.hundreds or word in self.large


_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH = Numerals(
    small={
        **_numbered(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ),
        **_numbered(_TENS, 20, 10),
        "nought": 0.0,
        "dozen": 12.0,
    },
    hundreds=frozenset({"hundred"}),
    large={"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12},
    joiners=frozenset({"and"}),
    vague=frozenset(
        {
            "dozens",
            "hundreds",
            "thousands",
            "millions",
            "billions",
            "trillions",
            "tens",
            "couple",
            "pair",
            "fortnight",
            "century",
            "majority",
            "minority",
        }
    ),
    multiples={
        **dict.fromkeys(("double", "doubled", "doubles", "doubling", "twice", "twofold"), 2.0),
        **dict.fromkeys(("triple", "tripled", "triples", "tripling", "treble", "trebled", "thrice", "threefold"), 3.0),
        **dict.fromkeys(("quadruple", "quadrupled", "quadruples", "quadrupling", "fourfold"), 4.0),
        **dict.fromkeys(("quintuple", "quintupled", "fivefold"), 5.0),
        **dict.fromkeys(("sixfold", "sextupled"), 6.0),
        "sevenfold": 7.0,
        "eightfold": 8.0,
        "ninefold": 9.0,
        "tenfold": 10.0,
        "hundredfold": 100.0,
        **dict.fromkeys(("halved", "halves", "halving", "halve"), 0.5),
    },
    fractions={
        "half": 1 / 2,
        **dict.fromkeys(("third", "thirds"), 1 / 3),
        **dict.fromkeys(("quarter", "quarters"), 1 / 4),
        **dict.fromkeys(("fifth", "fifths"), 1 / 5),
        **dict.fromkeys(("tenth", "tenths"), 1 / 10),
    },
    ordinals={
        **_numbered("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1),
        "firstly": 1.0,
        "secondly": 2.0,
    },
    articles=re.compile(r"\bone\b(?=\s+(?:of|another|by)\b)|(?<=\bthe\s)one\b|(?<=\bno\s)one\b|(?<=\bany\s)one\b"),
)

_GERMAN_UNITS = _numbered("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
GERMAN = Numerals(
    small={
        **_GERMAN_UNITS,
        "zwo": 2.0,
        "dreizehn": 13.0,
        "vierzehn": 14.0,
        "fünfzehn": 15.0,
        "sechzehn": 16.0,
        "siebzehn": 17.0,
        "achtzehn": 18.0,
        "neunzehn": 19.0,
        **_numbered("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10),
        "dreissig": 30.0,
        "dutzend": 12.0,
    },
    hundreds=frozenset({"hundert"}),
    large={
        "tausend": 1e3,
        **dict.fromkeys(("million", "millionen"), 1e6),
        **dict.fromkeys(("milliarde", "milliarden"), 1e9),
        **dict.fromkeys(("billion", "billionen"), 1e12),
    },
    joiners=frozenset({"und"}),
    vague=frozenset(
        (
            "dutzende",
            "dutzenden",
            "hunderte",
            "hunderten",
            "tausende",
            "tausenden",
            "anderthalb",
            "eineinhalb",
            "mehrheit",
        )
    ),
    multiples={
        **dict.fromkeys(("doppelt", "doppelte", "doppelten", "doppelter", "doppeltes", "verdoppelt"), 2.0),
        **dict.fromkeys(("verdoppelte", "verdoppelten", "verdoppelung", "verdopplung", "verdoppeln"), 2.0),
        **dict.fromkeys(("verdreifacht", "verdreifachte", "verdreifachung", "verdreifachen"), 3.0),
        **dict.fromkeys(("vervierfacht", "vervierfachte", "vervierfachung"), 4.0),
        **dict.fromkeys(("verfünffacht", "verfünffachte", "verfünffachung"), 5.0),
        **dict.fromkeys(("verzehnfacht", "verzehnfachte", "verzehnfachung"), 10.0),
        "verhundertfacht": 100.0,
        **dict.fromkeys(("halbiert", "halbierte", "halbierten", "halbierung", "halbieren"), 0.5),
    },
    fractions={
        **dict.fromkeys(("hälfte", "halb", "halbe", "halben", "halbes", "halber"), 1 / 2),
        **dict.fromkeys(("drittel", "dritteln"), 1 / 3),
        **dict.fromkeys(("viertel", "vierteln"), 1 / 4),
        "fünftel": 1 / 5,
        "zehntel": 1 / 10,
    },
    ordinals={
        f"{stem}{end}": place
        for stem, place in _numbered("erst zweit dritt viert fünft sechst siebt acht neunt zehnt", 1).items()
        for end in ("e", "en", "er", "es", "em", "ens")
    },
    articles=re.compile(r"(?!)"),
)

FRENCH = Numerals(
    small={
        **_numbered("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"),
        **_numbered("vingt trente quarante cinquante soixante", 20, 10),
        "une": 1.0,
        "vingts": 20.0,
        "septante": 70.0,
        "huitante": 80.0,
        "octante": 80.0,
        "nonante": 90.0,
        "douzaine": 12.0,
        "dizaine": 10.0,
        "quinzaine": 15.0,
        "vingtaine": 20.0,
        "trentaine": 30.0,
        "cinquantaine": 50.0,
        "centaine": 100.0,
    },
    hundreds=frozenset({"cent", "cents"}),
    large={
        "mille": 1e3,
        **dict.fromkeys(("million", "millions"), 1e6),
        **dict.fromkeys(("milliard", "milliards"), 1e9),
    },
    joiners=frozenset({"et"}),
    vague=frozenset({"dizaines", "douzaines", "centaines", "milliers", "millier", "majorité"}),
    multiples={
        **dict.fromkeys(("double", "doubles", "doublé", "doublée", "doublés", "doublées", "doubler"), 2.0),
        **dict.fromkeys(("doublement", "doublant", "doublent"), 2.0),
        **dict.fromkeys(("triple", "triples", "triplé", "triplée", "triplés", "triplées", "tripler"), 3.0),
        **dict.fromkeys(("quadruple", "quadruplé", "quadruplée", "quadruplés"), 4.0),
        **dict.fromkeys(("quintuple", "quintuplé", "quintuplée"), 5.0),
        **dict.fromkeys(("décuple", "décuplé", "décuplée"), 10.0),
        "centuplé": 100.0,
    },
    fractions={
        **dict.fromkeys(("moitié", "demi", "demie"), 1 / 2),
        "tiers": 1 / 3,
        **dict.fromkeys(("quart", "quarts"), 1 / 4),
        "cinquième": 1 / 5,
        "dixième": 1 / 10,
    },
    ordinals={
        **dict.fromkeys(("premier", "première", "premiers", "premières", "premièrement"), 1.0),
        **dict.fromkeys(("second", "seconde", "deuxième"), 2.0),
        **_numbered("troisième quatrième cinquième sixième septième huitième neuvième dixième", 3),
    },
    articles=re.compile(r"\bune?\b(?!-)(?!\s+(?:cent|mille|millions?|milliards?)\b)"),
)

SPANISH = Numerals(
    small={
        **_numbered("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"),
        **_numbered("dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro", 16),
        **_numbered("veinticinco veintiséis veintisiete veintiocho veintinueve", 25),
        **_numbered("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10),
        **_numbered("doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos", 200, 100),
        **_numbered("doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas", 200, 100),
        **dict.fromkeys(("un", "una"), 1.0),
        **dict.fromkeys(("veintiún", "veintiuna"), 21.0),
        **dict.fromkeys(("novecientos", "novecientas"), 900.0),
        "decena": 10.0,
        "docena": 12.0,
        "quincena": 15.0,
        "veintena": 20.0,
        "treintena": 30.0,
        "centena": 100.0,
        "centenar": 100.0,
    },
    hundreds=frozenset({"cien", "ciento"}),
    large={
        "mil": 1e3,
        "millar": 1e3,
        **dict.fromkeys(("millón", "millones"), 1e6),
        **dict.fromkeys(("billón", "billones"), 1e12),
    },
    joiners=frozenset({"y"}),
    vague=frozenset(
        {"decenas", "docenas", "centenas", "centenares", "cientos", "miles", "millares", "par", "mayoría", "minoría"}
    ),
    multiples={
        **dict.fromkeys(("doble", "dobles", "dobló", "doblaron", "doblado", "doblar", "duplo"), 2.0),
        **dict.fromkeys(("duplica", "duplican", "duplicó", "duplicaron", "duplicado", "duplicada", "duplicar"), 2.0),
        **dict.fromkeys(("duplicación", "duplicados", "duplicadas"), 2.0),
        **dict.fromkeys(("triple", "triples", "triplica", "triplican", "triplicó", "triplicaron", "triplicado"), 3.0),
        **dict.fromkeys(("triplicada", "triplicados", "triplicadas", "triplicar"), 3.0),
        **dict.fromkeys(("cuádruple", "cuadruplica", "cuadruplicó", "cuadruplicaron", "cuadruplicado"), 4.0),
        **dict.fromkeys(("quíntuple", "quintuplicó", "quintuplicado"), 5.0),
        **dict.fromkeys(("décuplo", "decuplicó", "decuplicado"), 10.0),
        **dict.fromkeys(("céntuplo", "centuplicó", "centuplicado"), 100.0),
    },
    fractions={
        **dict.fromkeys(("mitad", "mitades"), 1 / 2),
        **dict.fromkeys(("tercio", "tercios"), 1 / 3),
        **dict.fromkeys(("cuarto", "cuartos"), 1 / 4),
    },
    ordinals={
        **dict.fromkeys(("primero", "primera", "primer", "primeros", "primeras", "primeramente"), 1.0),
        **dict.fromkeys(("segundo", "segunda"), 2.0),
        **dict.fromkeys(("tercero", "tercera", "tercer"), 3.0),
        "cuarta": 4.0,
        **_numbered("quinto sexto séptimo octavo noveno décimo", 5),
        **_numbered("quinta sexta séptima octava novena décima", 5),
    },
    articles=re.compile(r"(?<!ta y )\buna?\b(?!\s+mill)|\buno\b(?=\s+(?:de|por)\b)|(?<=\bcada\s)uno\b"),
)

NUMERALS: Mapping[str, Numerals] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def value_of(words: Sequence[str], numerals: Numerals) -> float:
    """The number that words make, as they follow each other.

    >>> value_of(["two", "hundred", "and", "seven"], ENGLISH), value_of(["quatre", "vingts"], FRENCH)
    (207.0, 80.0)
    >>> value_of(["dos", "mil", "millones"], SPANISH)
    2000000000.0
    """
    whole = group = 0.0
    for word in words:
        if word in numerals.hundreds:
            group = max(group, 1.0) * 100
        elif word in numerals.large:
            large = numerals.large[word]
            together = whole * large if not group and 0 < whole < large else whole + max(group, 1.0) * large
            whole, group = together, 0.0
        elif word in {"vingt", "vingts"} and group % 100 == 4:
            group += 76
        elif word in {"dozen", "dutzend"} and group:
            group *= 12
        else:
            group += numerals.small.get(word, 0.0)
    return whole + group


def german_parts(word: str) -> list[str]:
    """The parts of a German number that is written as one word; empty when it is none.

    >>> german_parts("zweihundertsiebenundzwanzig"), german_parts("achtung")
    (['zwei', 'hundert', 'sieben', 'und', 'zwanzig'], [])
    """
    known = sorted((*GERMAN.small, *GERMAN.hundreds, *GERMAN.large, "und", "ein"), key=len, reverse=True)
    parts: list[str] = []
    while word:
        part = next((part for part in known if word.startswith(part)), None)
        if part is None:
            return []
        parts.append("eins" if part == "ein" else part)
        word = word[len(part) :]
    return parts if any(GERMAN.is_part(part) for part in parts) and parts != ["eins"] else []
