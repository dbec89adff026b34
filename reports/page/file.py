"""The whole page: head, first page, contents, sections and appendix, in one file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from core.language import tr
from core.report import Branding, Definition, Document, Pictures, Section, Shape
from reports import colour, words
from reports.page import scripts, sections
from reports.page.markup import Html, joined, tag

_PAPER, _NIGHT = "#FFFFFF", "#101217"
_INK, _NIGHT_INK = "#1B1F27", "#E7E9EE"
_LOGOS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def drawn(document: Document, pictures: Pictures) -> Iterator[str]:
    """The file, part by part."""
    style = scripts.style() + _colours(document.branding)
    has_charts = any(one.chart is not None and not one.failed for one in document.sections)
    run = (*((scripts.charts(),) if has_charts else ()), scripts.own())
    yield "<!DOCTYPE html>\n"
    yield f"<html{_attributes(document)}>"
    yield _head(document, style, (scripts.BEGIN, *run))
    yield "<body>"
    yield _header(document)
    yield '<div class="page">'
    yield joined(_contents(document))
    yield "<main>"
    cover = _cover(document)
    for one in document.sections:
        if one is not cover:
            yield sections.drawn(one, document, pictures)
    yield _appendix(document)
    yield "</main></div>"
    yield _footer(document)
    yield from (f"<script>{one}</script>" for one in run)
    yield "</body></html>\n"


def _attributes(document: Document) -> str:
    opening: str = tag("i", lang=document.language, data_forms=document.forms or document.language)
    return opening[2 : opening.index(">")]


def _head(document: Document, style: str, run: tuple[str, ...]) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, run)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex, nofollow"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="format-detection", content="telephone=no"),
        tag("meta", name="generator", content=f"Plumbline {document.program}"),
        tag("title", document.title),
        Html(f"<style>{style}</style><script>{scripts.BEGIN}</script>"),
    )


def _policy(style: str, run: tuple[str, ...]) -> str:
    """Only what this file was written with may run or style it, and nothing may be asked of anybody."""
    allowed = " ".join(_hash(one) for one in run)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _colours(branding: Branding) -> str:
    """The sender's colours where they can be read; at night the sender's ink gives way to light."""
    ink = colour.readable(branding.ink, _PAPER, _INK, least=7)
    day = f"--ink:{ink};--accent:{colour.readable(branding.accent, _PAPER, ink)}"
    night = f"--ink:{_NIGHT_INK};--accent:{colour.lightened(branding.accent, _NIGHT, _NIGHT_INK)}"
    return f":root{{{day}}}@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}"


def _cover(document: Document) -> Section | None:
    """A cover that begins the document belongs to its head."""
    first = document.sections[0] if document.sections else None
    return first if first and first.shape is Shape.COVER and not first.failed else None


def _header(document: Document) -> Html:
    cover = _cover(document)
    facts = (tag("div", tag("dt", what), tag("dd", said)) for what, said in words.facts(document))
    return tag(
        "header",
        _logo(document),
        tag("h1", document.title),
        tag("p", document.subtitle, class_="subtitle") if document.subtitle else None,
        tag("p", cover.title, class_="covered") if cover and cover.title != document.title else None,
        sections.prose(cover.text) if cover else None,
        tag("p", document.banner, class_="banner", role="note") if document.banner else None,
        tag("dl", *facts, class_="facts"),
        sections.caveats((*(cover.notes if cover else ()), *document.notes)),
    )


def _logo(document: Document) -> Html | None:
    logo = document.branding.logo
    kind = next((kind for begins, kind in _LOGOS.items() if logo.startswith(begins)), None)
    if kind is None:
        return None
    return tag(
        "img", src=f"data:{kind};base64,{base64.b64encode(logo).decode()}", alt=document.workspace, class_="logo"
    )


def _contents(document: Document) -> Html | None:
    listed = [
        (sections.anchor(one), one.title) for one in document.sections if one.title and one is not _cover(document)
    ]
    if document.definitions:
        listed.append(("definitions", tr("Definitions")))
    if document.questions:
        listed.append(("questions", tr("Questions")))
    if not listed:
        return None
    heading = tag("h2", tr("Contents"), id="contents")
    lines = (tag("li", tag("a", title, href=f"#{place}")) for place, title in listed)
    return tag("nav", heading, tag("ol", *lines), aria_labelledby="contents")


def _appendix(document: Document) -> Html:
    return joined(
        tag("section", tag("h2", tr("Definitions")), *map(_definition, document.definitions), id="definitions")
        if document.definitions
        else None,
        tag(
            "section",
            tag("h2", tr("Questions")),
            tag("ul", *(tag("li", one) for one in document.questions)),
            id="questions",
        )
        if document.questions
        else None,
    )


def _definition(one: Definition) -> Html:
    sources = (tag("span", source) for source in one.sources)
    lines = (
        (tr("Formula"), tag("code", one.formula) if one.formula else None),
        (tr("Sources"), tag("span", *sources, class_="sources") if one.sources else None),
        (tr("Version"), one.version),
    )
    listed = (tag("div", tag("dt", what), tag("dd", said)) for what, said in lines if said)
    return tag(
        "article",
        tag("h3", one.title),
        tag("p", one.definition),
        tag("dl", *listed),
        id=sections.meaning(one.metric),
        class_="meaning",
    )


def _footer(document: Document) -> Html:
    moment = words.moment(document.made_at, document.time_zone)
    made = tr("Made {moment} by Plumbline {version}", moment=moment, version=document.program)
    return tag("footer", tag("p", document.branding.footer) if document.branding.footer else None, tag("p", made))
