"""A document as a mail: everything it says is true of the document, harmless, and can be read without pictures."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from charts import picture
from core import language
from core.report import Branding, Finding, Section, Shape
from reports import brief, colour, mail, words
from tests.reports import sample
from tests.reports.hostile import FORMULAS, ODD

AROUND = mail.Around(
    why="You are on a list.", files=("a.pdf", "b.xlsx"), open_link="https://p.example/r/1.x",
    unsubscribe="https://p.example/u/1.y", note="A note.",
)  # fmt: skip
ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>', "</style><b>", "</title><b>",
    "<a href='javascript:alert(1)'>x</a>", "&lt;b&gt;", "{{7*7}}", "cid:chart-1",
)  # fmt: skip


class Seen(HTMLParser):
    """What a mail client would find."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.links, self.images, self.words = [], "", [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")]
        if "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.images.append(given["src"])
            self.words.append(given["alt"])

    def handle_data(self, data):
        self.text += data


def written(of, around=AROUND, drawn=None):
    with language.using(of.language, of.forms):
        if drawn is None:
            drawn = mail.draw(of, lambda spec, kind, *, width: b"png")
        return mail.html(of, drawn, around), mail.text(of, around)


def test_it_says_all_that_matters_in_both_forms():
    of = sample.document()
    for said in (Seen(written(of)[0]).text, written(of)[1]):
        flat = " ".join(said.split())
        for one in brief.figures(of):
            assert one.title in flat
            assert " ".join(words.value(one).split()) in flat
            assert not one.why_none or one.why_none in flat
        for finding in brief.findings(of):
            assert finding.text in flat
            assert finding.action in flat
        for name, value in words.facts(of):
            assert name in flat
            assert value in flat
        for text in (
            of.title,
            of.workspace,
            of.banner,
            *of.notes,
            of.branding.footer,
            "Not enough data yet: 12 of 28 days.",
        ):
            assert text in flat
        for text in ("a.pdf, b.xlsx", "You are on a list.", "A note."):
            assert text in flat


def test_it_leads_only_to_the_report_and_to_where_one_leaves():
    seen = Seen(written(sample.document())[0])
    assert seen.links == ["https://p.example/r/1.x", "https://p.example/u/1.y"]
    assert Seen(written(sample.document(), mail.Around())[0]).links == []


def test_it_asks_nobody_for_anything():
    seen = Seen(written(sample.document())[0])
    assert seen.images == ["cid:chart-1", "cid:chart-2"]
    assert all(seen.words)
    html = written(sample.document())[0]
    assert not re.search(r"url\(|@import|<link|<script|<iframe|<form", html)


def test_it_draws_real_pictures():
    of = sample.document()
    with language.using("en"):
        drawn = mail.draw(of, picture.draw)
    assert [one.cid for one in drawn] == ["chart-1", "chart-2"]
    assert all(one.content.startswith(b"\x89PNG") and one.words for one in drawn)


def test_it_says_how_many_charts_are_left_out():
    of = sample.document()
    chart = next(one for one in of.sections if one.chart)
    many = replace(of, sections=(chart,) * (mail.MOST_CHARTS + 3))
    html, text = written(many)
    assert len(Seen(html).images) == mail.MOST_CHARTS
    assert "3 more charts are in the report." in html
    assert "3 more charts are in the report." in text
    assert "more chart" not in written(replace(of, sections=(chart,)))[0]


def test_it_says_how_many_findings_are_left_out():
    of = sample.document()
    many = Section("f", Shape.FINDINGS, "Worth knowing", findings=tuple(Finding(f"Finding {n}.") for n in range(10)))
    html, text = written(replace(of, sections=(many,)))
    for said in (html, text):
        assert "Finding 5." in said
        assert "Finding 6." not in said
        assert "4 more are in the report." in said


@pytest.mark.parametrize("text", [*ATTACKS, *FORMULAS, *ODD], ids=lambda text: ascii(text)[:20])
def test_it_takes_texts_of_people_for_texts(text):
    text = text[:500]
    plainly = sample.document()
    sections = (
        Section("a", Shape.FINDINGS, text, lead=text, notes=(text,), findings=(Finding(text, text, text, True),)),
        Section("b", Shape.TEXT, text, text=text), Section("c", Shape.FIGURES, text, figures=next(
            one.figures for one in plainly.sections if one.shape is Shape.FIGURES)),
        Section("d", Shape.CHART, text, failed=text or "why"),
    )  # fmt: skip
    bad = replace(
        plainly, title=text, subtitle=text, workspace=text, filters=(text,), notes=(text,), banner=text, sections=sections,
        branding=Branding(footer=text, accent=text, ink=text),
    )  # fmt: skip
    nothing = written(replace(bad, **_replaced(bad, "x")))[0]
    html, plain_text = written(bad, replace(AROUND, why=text, files=(text,), note=text))
    allowed = set(Seen(nothing).tags) | {"br"}
    assert set(Seen(html).tags) <= allowed
    assert Seen(html).links == AROUND.open_link.split() + AROUND.unsubscribe.split()
    assert "\x00" not in html
    assert "\x00" not in plain_text
    html.encode()
    plain_text.encode()


def _replaced(of, text):
    return {
        "title": text, "subtitle": text, "workspace": text, "filters": (text,), "notes": (text,), "banner": text,
        "branding": Branding(footer=text),
        "sections": tuple(
            replace(one, title=text, lead=one.lead and text, text=one.text and text, failed=one.failed and text,
                    findings=tuple(Finding(text, text, text, True) for _ in one.findings))
            for one in of.sections
        ),
    }  # fmt: skip


def test_it_follows_no_link_that_is_none():
    html, _ = written(
        sample.document(), replace(AROUND, open_link="javascript:alert(1)", unsubscribe="data:text/html,x")
    )
    assert Seen(html).links == []


@pytest.mark.parametrize("accent", ["#FFE680", "red;background:url(x)", "#0F766E"])
def test_it_writes_on_the_senders_colour_only_where_that_can_be_read(accent):
    of = sample.document()
    html = written(replace(of, branding=replace(of.branding, accent=accent)))[0]
    button = re.search(r"color:#ffffff;background:(#[0-9a-fA-F]{6})", html)
    assert button
    assert colour.contrast(button[1], "#ffffff") >= colour.WORDS


def test_it_shows_an_empty_document():
    of = replace(sample.document(sections=()), banner="", notes=(), filters=(), compared=None, data_until=None)
    html, text = written(of, mail.Around())
    assert "no data yet" in html
    assert text.startswith(of.title)


@pytest.mark.parametrize("code", ["de", "es", "fr"])
def test_it_speaks_the_language_of_the_document(code):
    of = replace(sample.document(), language=code, forms=code)
    html, text = written(of)
    assert f'<html lang="{code}">' in html
    assert "Open the report" not in html + text
    assert ">1.2M<" in written(sample.document())[0]
    assert ">1.2M<" not in html


def test_it_stays_below_what_mail_programs_show():
    """Some cut a mail at 102 kB."""
    html, _ = written(sample.document())
    assert len(html.encode()) < 60_000
