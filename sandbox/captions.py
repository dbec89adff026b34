"""What Northwind Coffee writes: topics, captions and hashtags for its posts. Words only; chance is handed in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NOT_A_PLUGIN = True


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing the business writes about: its sentences, its hashtags, and how well it does (1 = as usual)."""

    name: str
    lift: float
    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    hashtags: tuple[str, ...]


TOPICS = (
    Topic(
        "brewing",
        1.25,
        ("How to brew a better {brew}", "{brew}: three mistakes we all make", "The {brew} recipe we use every day"),
        (
            "Grind finer, pour slower. Today's {brew} takes 3:30 and 18 g of {bean}.",
            "Weekend plan: {brew} with our {bean}. Save this recipe for later ☕",
            "Bloom 45 s, then three pours. Which ratio do you use for {brew}?",
        ),
        ("#homebarista", "#brewguide", "#coffee", "#pourover"),
    ),
    Topic(
        "origin",
        0.85,
        ("From farm to cup: {bean}", "Meet the growers behind {bean}", "What makes {bean} taste like this"),
        (
            "Our new {bean} has landed. Notes of {note}, grown at 1,900 m.",
            "We visited the cooperative behind {bean}. Here is what a fair price changes.",
            "Small lot, big flavour: {bean}, {note}. Roasted on Tuesday.",
        ),
        ("#directtrade", "#specialtycoffee", "#singleorigin"),
    ),
    Topic(
        "behind the scenes",
        1.05,
        ("A morning in our {city} roastery", "5 a.m. at Northwind", "How we train our baristas"),
        (
            "5 a.m. in {city}. The roaster is warm, the playlist is questionable.",
            "Meet the team of {city}. Say hello on your way to work 👋",
            "This is what 60 kg of {bean} sounds like.",
        ),
        ("#roastery", "#baristalife", "#behindthescenes"),
    ),
    Topic(
        "offer",
        0.7,
        ("{bean} is back", "20 % off {bean} this week", "The gift box is here"),
        (
            "Only this week: 20 % off {bean}. Link in bio.",
            "The {note} gift box is back in {city} and online.",
            "Subscribe once, never run out: {bean} every two weeks.",
        ),
        ("#coffeelover", "#sale", "#northwindcoffee"),
    ),
    Topic(
        "season",
        1.15,
        ("Iced {brew} for hot days", "Our {note} latte returns", "Autumn menu: what is new"),
        (
            "Iced {brew}, orange peel, tonic. Trust us.",
            "The {note} latte is back in all our cafés. Tell a friend 🍂",
            "Neue Karte in {city}: {note}-Latte und Zimtschnecken. Kommt vorbei!",
        ),
        ("#icedcoffee", "#seasonal", "#coffeetime", "#kaffee"),
    ),
    Topic(
        "community",
        0.95,
        ("You asked, we answer: {brew}", "Latte art throwdown in {city}", "Coffee myths, tested"),
        (
            "Decaf is real coffee. Discuss.",
            "Latte art throwdown in {city} on Friday. Free entry, loud music.",
            "What should we brew next: {brew} or something wild?",
        ),
        ("#latteart", "#coffeecommunity", "#northwindcoffee"),
    ),
)
SLOTS = {
    "brew": ("V60", "AeroPress", "espresso", "French press", "cold brew", "moka pot", "flat white", "Chemex"),
    "bean": ("Ethiopia Guji", "Kenya Nyeri", "Colombia Huila", "House Blend", "Brazil Cerrado", "Decaf Peru"),
    "note": ("peach", "dark chocolate", "bergamot", "pumpkin", "hazelnut", "red apple", "caramel"),
    "city": ("Berlin", "Hamburg", "Leipzig", "Munich", "Cologne"),
}
# Shown once a year each: text that must stay text in every screen, export and prompt.
HOSTILE = (
    (
        "=1+1 is not the only formula",
        '=HYPERLINK("https://example.com","Free coffee") *bold* | pipe, "quotes"\nsecond line',
    ),
    (
        "<b>Bold</b> claims & coffee",
        "<script>alert('espresso')</script> tastes better with [milk](https://example.com) 🧪",
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one post. `lift` is how much its topic and tags help."""

    topic: str
    title: str
    body: str
    hashtags: tuple[str, ...]
    language: str
    lift: float


def write(rng: np.random.Generator) -> Text:
    """Words for one post, drawn from `rng`."""
    topic = TOPICS[int(rng.integers(len(TOPICS)))]
    chosen = {slot: words[int(rng.integers(len(words)))] for slot, words in SLOTS.items()}
    title = topic.titles[int(rng.integers(len(topic.titles)))].format(**chosen)
    body = topic.bodies[int(rng.integers(len(topic.bodies)))].format(**chosen)
    count = int(rng.integers(1, len(topic.hashtags) + 1))
    tags = tuple(topic.hashtags[i] for i in sorted(rng.permutation(len(topic.hashtags))[:count].tolist()))
    return Text(topic.name, title, body, tags, "de" if body.startswith("Neue") else "en", topic.lift)


def hostile(number: int) -> Text:
    """Planted text that looks like a formula, markup or a script."""
    title, body = HOSTILE[number % len(HOSTILE)]
    return Text("community", title, body, ("#coffee",), "en", 1.0)
