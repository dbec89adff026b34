"""A document as a mail: HTML that mail clients can show, in light and dark, and the same in plain text.

Mail clients know tables and inline styles; the few rules in the head only make it dark or narrow where a client can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from core.language import tr, trn
from core.message import Picture
from core.report import Document, Figure, Finding, Pictures, Section, Shape
from reports import brief, colour, safe, words
from reports.page.markup import Html, Part, joined, paragraphs, tag
from reports.plain import plain

WIDTH, _PADDING = 600, 32
MOST_CHARTS = 8
MOST_FINDINGS = 6
"""So many of each section stand in a mail; what is left out is counted, and stands in the report."""
_INNER = WIDTH - 2 * _PADDING
_DRAWN = 460
"""Charts are drawn for a width between those of a desk and a phone, so that their words can be read on both."""
_FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_INK, _SOFT, _LINE, _PAGE, _PAPER, _WARM = "#1b1f27", "#5b6472", "#e4e7ec", "#f3f4f6", "#ffffff", "#fff4e0"
_GOOD, _BAD = "#0f7a44", "#b3261e"
_HEAD = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #0f1116 !important; } .paper { background: #171a21 !important; }
  .ink, .ink td, .ink li, .ink p { color: #e7e9ee !important; }
  .soft, .ink .soft { color: #a3abb9 !important; }
  .line { border-color: #2c313b !important; } .warm { background: #3a2c10 !important; color: #ffe2b0 !important; }
  .good { color: #5fd39a !important; } .bad { color: #ff9b92 !important; } .go { color: #8fb4ff !important; }
}
@media (max-width: 480px) { .pad { padding-left: 18px !important; padding-right: 18px !important; } }
"""


@dataclass(frozen=True, slots=True)
class Around:
    """What a mail says besides the document: why its recipient gets it, the files that come with it, where the whole is
    (`open_link`), where they ask for no more, and a note such as that the files were too large."""

    why: str = ""
    files: tuple[str, ...] = ()
    open_link: str = ""
    unsubscribe: str = ""
    note: str = ""


def draw(of: Document, pictures: Pictures) -> tuple[Picture, ...]:
    """The charts of a document as a mail carries them."""
    return tuple(
        Picture(f"chart-{number}", one.title, one.words or one.title,
                pictures(plain(one.chart), "png", width=_DRAWN))
        for number, one in enumerate(brief.charts(of)[:MOST_CHARTS], start=1)
    )  # fmt: skip


def html(of: Document, drawn: Sequence[Picture], around: Around) -> str:
    """The mail for clients that show HTML. Pictures are named by "cid:"."""
    accent = colour.readable(of.branding.accent, _PAPER, _INK)
    body = tag(
        "table",
        _row(tag("div", class_="bar", style=f"height:4px;background:{accent};border-radius:12px 12px 0 0"), pad=False),
        _row(_top(of), _banner(of.banner), _button(around.open_link, accent), above=28),
        *(_row(part, above=20) for part in _sections(of, drawn)),
        _row(_beside(of, around), _facts(of), _foot(of, around), above=20, below=28),
        **_TABLE, width=str(WIDTH), class_="paper",
        style=f"width:100%;max-width:{WIDTH}px;background:{_PAPER};border-radius:12px;{_FONT}",
    )  # fmt: skip
    page = tag(
        "table",
        tag("tr", tag("td", body, align="center", style="padding:24px 8px")),
        **_TABLE, width="100%", class_="page", style=f"background:{_PAGE}",
    )  # fmt: skip
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="supported-color-schemes", content="light dark"),
        tag("title", of.title),
        tag("style", Html(_HEAD)),
    )
    preview = tag("div", brief.lead(of), style="display:none;max-height:0;overflow:hidden")
    return "<!doctype html>" + tag(
        "html", tag("head", head), tag("body", preview, page, class_="page", style=f"margin:0;background:{_PAGE}"),
        lang=of.language,
    )  # fmt: skip


def text(of: Document, around: Around) -> str:
    """The same in plain text."""
    parts = [of.title, f"{of.workspace}\n{brief.lead(of)}", of.banner]
    if around.open_link:
        parts.append(f"{tr('Open the report')}: {around.open_link}")
    if figures := [
        f"{one.title}: {one.value}" + (f" ({one.change})" if one.change else "") for one in brief.points(of)
    ]:
        parts.append("\n".join(figures))
    parts += [one.text for one in of.sections if one.shape in _PROSE and one.text and not one.failed]
    for section in of.sections:
        if section.shape is Shape.FINDINGS and section.findings and not section.failed:
            parts += [section.title, *("- " + "\n  ".join(_said(one)) for one in section.findings[:MOST_FINDINGS])]
            parts += _more(section.findings)
    parts += [f"{one.title}\n{one.lead}".strip() for one in brief.charts(of) if one.lead]
    parts += [tr("This part could not be made.") + f" {one}" for one in brief.failed(of)]
    parts += [*of.notes, *_beside_words(of, around)]
    parts.append("\n".join(f"{name}: {said}" for name, said in words.facts(of)))
    parts += [of.branding.footer, around.why]
    if around.unsubscribe:
        parts.append(f"{tr('Unsubscribe')}: {around.unsubscribe}")
    lines = "\n\n".join(part.strip() for part in parts if part.strip())
    return safe.writable(re.sub(r"\r\n?", "\n", lines)) + "\n"


_TABLE = {"role": "presentation", "cellpadding": "0", "cellspacing": "0", "border": "0"}
_PROSE = (Shape.COVER, Shape.TEXT)


def _row(*parts: Part, above: int = 0, below: int = 0, pad: bool = True) -> Html:
    sides = f"{above}px {_PADDING}px {below}px" if pad else "0"
    return tag("tr", tag("td", *parts, class_="pad ink" if pad else None, style=f"padding:{sides};color:{_INK}"))


def _soft(*parts: Part, size: int = 14, above: int = 4) -> Html:
    style = f"margin:{above}px 0 0;font-size:{size}px;line-height:1.5;color:{_SOFT}"
    return tag("p", *parts, class_="soft", style=style)


def _heading(title: str) -> Html | None:
    return (
        tag("h2", title, style="margin:12px 0 8px;font-size:17px;line-height:1.35;font-weight:650") if title else None
    )


def _top(of: Document) -> Html:
    return joined(
        _soft(of.workspace, size=13, above=0),
        tag("h1", of.title, style="margin:4px 0 0;font-size:24px;line-height:1.25;font-weight:700;"
                                  "overflow-wrap:anywhere"),
        _soft(of.subtitle) if of.subtitle else None,
        _soft(brief.lead(of), above=6),
    )  # fmt: skip


def _banner(banner: str) -> Html | None:
    style = f"margin:16px 0 0;padding:10px 14px;border-radius:8px;font-size:14px;line-height:1.5;background:{_WARM}"
    return tag("div", banner, class_="warm", style=style) if banner else None


def _button(link: str, accent: str) -> Html | None:
    if not safe.is_web(link):
        return None
    style = (
        f"display:inline-block;padding:11px 20px;border-radius:8px;font-size:15px;font-weight:600;"
        f"color:#ffffff;background:{accent};text-decoration:none"
    )
    return tag("p", tag("a", tr("Open the report"), href=link, style=style), style="margin:20px 0 4px")


def _sections(of: Document, drawn: Sequence[Picture]) -> Iterable[Html]:
    """What a mail shows of a document, in its order: no tables, which the files have."""
    left = iter(drawn)
    for one in of.sections:
        if one.failed:
            yield _failed(one)
        elif one.chart is not None:
            picture = next(left, None)
            if picture is not None:
                yield _chart(one, picture)
        elif one.shape is Shape.FIGURES and one.figures:
            yield joined(_heading(one.title), _figures(one.figures), _notes(one.notes))
        elif one.shape is Shape.FINDINGS and one.findings:
            shown = map(_finding, one.findings[:MOST_FINDINGS])
            yield joined(_heading(one.title), *shown, _notes((*_more(one.findings), *one.notes)))
        elif one.shape in _PROSE and one.text.strip():
            style = "font-size:15px;line-height:1.55;overflow-wrap:anywhere"
            title = one.title if one.title != of.title else ""
            yield joined(_heading(title), tag("div", paragraphs(one.text), style=style))


def _failed(one: Section) -> Html:
    said = tag("strong", tr("This part could not be made."))
    return joined(_heading(one.title), _soft(said, " ", one.failed))


def _chart(one: Section, picture: Picture) -> Html:
    image = tag(
        "img", src=f"cid:{picture.cid}", alt=picture.words, width=str(_INNER),
        style="display:block;width:100%;height:auto;border:0;border-radius:8px;background:#ffffff;color:#5b6472;"
              "font-size:13px",
    )  # fmt: skip
    lead = _soft(one.lead, above=0) if one.lead else None
    return joined(_heading(one.title), lead, tag("div", image, style="margin-top:8px"), _notes(one.notes))


def _figures(figures: Sequence[Figure]) -> Html:
    """Two key numbers side by side."""
    cells, rows = iter(figures), []
    while pair := list(islice(cells, 2)):
        rows.append(tag("tr", *map(_figure, pair), tag("td") if len(pair) == 1 else None))
    return tag("table", *rows, **_TABLE, width="100%", class_="ink")


def _figure(of: Figure) -> Html:
    mood, ink = ("good", _GOOD) if of.good else ("bad", _BAD)
    said = brief.against(of)
    if of.good is not None and words.change(of) and of.value is not None:
        change = tag("span", said, class_=mood, style=f"color:{ink}")
    else:
        change = tag("span", said, class_="soft", style=f"color:{_SOFT}")
    value = (
        f"margin:2px 0 0;font-size:24px;line-height:1.3;font-weight:700;color:{_INK};font-variant-numeric:tabular-nums"
    )
    return tag(
        "td",
        tag("p", of.title, class_="soft", style=f"margin:0;font-size:13px;color:{_SOFT}"),
        tag("p", words.value(of), style=value),
        tag("p", change, style="margin:0;font-size:13px;line-height:1.45"),
        width="50%", valign="top", style="padding:8px 12px 12px 0",
    )  # fmt: skip


def _said(one: Finding) -> Iterable[str]:
    yield one.text
    if one.action:
        yield f"{tr('What to do:')} {one.action}"
    if one.certainty:
        yield one.certainty


def _more(findings: Sequence[Finding]) -> tuple[str, ...]:
    left = len(findings) - MOST_FINDINGS
    return (trn("{n} more is in the report.", "{n} more are in the report.", left),) if left > 0 else ()


def _finding(one: Finding) -> Html:
    ink = {True: _GOOD, False: _BAD, None: _LINE}[one.good]
    return tag(
        "div",
        tag("p", one.text, style="margin:0;font-size:15px;line-height:1.5"),
        _soft(tag("b", tr("What to do:")), " ", one.action) if one.action else None,
        _soft(one.certainty, size=13) if one.certainty else None,
        style=f"margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid {ink}",
    )


def _notes(notes: Iterable[str]) -> Html:
    return joined(*(_soft(one, size=13, above=6) for one in notes))


def _beside_words(of: Document, around: Around) -> Iterable[str]:
    """What is not in the mail, and where it is."""
    if (more := len(brief.charts(of)) - MOST_CHARTS) > 0:
        yield trn("{n} more chart is in the report.", "{n} more charts are in the report.", more)
    if around.files:
        yield tr("Attached: {files}", files=", ".join(around.files))
    if around.note:
        yield around.note


def _beside(of: Document, around: Around) -> Html:
    return joined(_notes(of.notes), *(_soft(one, size=13, above=6) for one in _beside_words(of, around)))


def _facts(of: Document) -> Html:
    cell = f"padding:3px 16px 3px 0;font-size:13px;line-height:1.45;vertical-align:top;color:{_SOFT}"
    rows = (
        tag("tr", tag("td", name, class_="soft", style=cell + ";white-space:nowrap"),
            tag("td", said, style=f"{cell};color:{_INK};overflow-wrap:anywhere"))
        for name, said in words.facts(of)
    )  # fmt: skip
    box = f"margin-top:20px;border-top:1px solid {_LINE};padding-top:14px"
    return tag("div", tag("table", *rows, **_TABLE, class_="ink"), class_="line", style=box)


def _foot(of: Document, around: Around) -> Html:
    leave = None
    if safe.is_web(around.unsubscribe):
        leave = tag("a", tr("Unsubscribe"), href=around.unsubscribe, class_="go", style="color:#2457c5")
    parts = [_soft(one, size=12, above=12) for one in (of.branding.footer, around.why) if one]
    return joined(*parts, _soft(leave, size=12, above=6) if leave else None)
