"""The first slide, which says where all numbers come from, and the last ones, where they can be looked up."""

from __future__ import annotations

from PIL import Image, UnidentifiedImageError

from core.language import tr
from core.report import Document, Section
from reports import words
from reports.slides import prose, tables, text
from reports.slides.deck import Deck, Page, picture
from reports.slides.look import LINE, WARN, WARN_PAPER
from reports.slides.text import Line

_LEFT, _ROOM = 0.95, 11.6
_END = 7.05


def draw(deck: Deck, opening: Section | None) -> None:
    """The cover: title, subtitle, what a cover block says, the banner, the facts and the notes."""
    of = deck.document
    page = deck.cover()
    page.shape((0, 0, 0.22, 7.5), "accent")
    _logo(page, of)
    page.top = 3.45 if of.subtitle else 2.95
    if opening and (lines := _opening(opening)):
        page.top += _shrunk(page, lines, 0.9) + 0.2
    if of.banner:
        page.top += _banner(page, of.banner) + 0.22
    facts = _facts(page, of)
    page.top += facts + 0.15
    _notes(page, of)


def _opening(of: Section) -> list[Line]:
    parts = [(of.title, True), (of.lead, False), (of.text, False), (of.failed, False)]
    return [Line(said, 14, "ink", bold, before=3, marked=not bold) for said, bold in parts if said]


def _shrunk(page: Page, lines: list[Line], most: float) -> float:
    """Lines in the room there is, smaller where they must be; how high they stand."""
    scale = 1.0
    shown = lines
    while text.height(shown, _ROOM) > most and scale > 0.5:
        scale -= 0.05
        shown = [Line(one.text, one.size * scale, one.colour, one.bold, one.before, marked=one.marked) for one in lines]
    high = text.height(shown, _ROOM)
    page.words(shown, (_LEFT, page.top, _ROOM, high))
    return high


def _logo(page: Page, of: Document) -> None:
    """The logo, if it is a picture that slides can show."""
    import io

    if not of.branding.logo:
        return
    try:
        with Image.open(io.BytesIO(of.branding.logo)) as opened:
            if opened.format not in {"PNG", "JPEG"}:
                return
            opened.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return
    said = tr("Logo of {workspace}", workspace=text.flat(of.workspace))
    picture(page, of.branding.logo, (_LEFT, 0.5, 2.8, 0.75), said, name="Logo")


def _banner(page: Page, said: str) -> float:
    line = Line(said, 13, WARN, True)
    high = text.height([line], _ROOM - 0.6) + 0.24
    box = page.shape((_LEFT, page.top, _ROOM, high), WARN_PAPER, round_by=0.06, adorns=False)
    text.write(text.frame(box, inset=(0.25, 0.1, 0.25, 0.1), anchor="middle"), [line])
    return high


def _facts(page: Page, of: Document) -> float:
    """The facts side by side, four in a row; how high they stand."""
    across, gap = 4, 0.3
    wide = (_ROOM - gap * (across - 1)) / across
    page.shape((_LEFT, page.top, _ROOM, 0.012), LINE)
    top = page.top + 0.2
    told = [[Line(name, 10, "muted"), Line(said, 12, "ink", before=2)] for name, said in words.facts(of)]
    for n in range(0, len(told), across):
        row = told[n : n + across]
        high = max(text.height(one, wide) for one in row)
        if top + high > _END:
            row = [[Line(line.text, line.size * 0.7, line.colour) for line in one] for one in row]
        for number, one in enumerate(row):
            page.words(one, (_LEFT + number * (wide + gap), top, wide, high))
        top += high + 0.18
    return top - page.top


def _notes(page: Page, of: Document) -> None:
    """The document's notes where they fit; where they stand otherwise."""
    lines = [Line(one, 11, "muted", before=2) for one in of.notes]
    high = text.height(lines, _ROOM)
    if lines and page.top + high > _END:
        lines = [Line(tr("Notes on these numbers stand on the last slides."), 11, "muted")]
        high = text.height(lines, _ROOM)
    if lines:
        page.words(lines, (_LEFT, page.top, _ROOM, high))


def appendix(deck: Deck) -> None:
    """Definitions, notes and questions, so that every figure can be looked up."""
    of = deck.document
    if not (of.definitions or of.notes or of.questions):
        return
    deck.part(tr("About these numbers"))
    if of.definitions:
        heads = (tr("Metric"), tr("What it means"), tr("Formula"), tr("Sources"), tr("Version"))
        rows = tuple(
            (one.title, one.definition, one.formula, "\n".join(one.sources), one.version) for one in of.definitions
        )
        cleaned = tuple(tuple(text.clean(said) for said in row) for row in rows)
        grid = tables.Grid(heads, (False,) * 5, cleaned, (False,) * 5)
        if not any(one.version for one in of.definitions):
            grid = grid.only(range(4))
        tables.spread(deck, tr("Definitions"), grid, "")
    told = ((tr("Notes"), of.notes), (tr("Questions"), of.questions))
    paragraphs = [said for title, some in told if some for said in (f"**{title}**", *some)]
    if paragraphs:
        prose.flow(deck, tr("Notes and questions"), paragraphs, largest=16)
