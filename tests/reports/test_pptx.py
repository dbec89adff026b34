"""A report as slides: charts and tables are PowerPoint's own, every figure is the document's, nothing is cut or run."""

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pptx
import pypdf
import pytest
from PIL import Image, ImageFont
from pptx.util import Inches

from charts import picture
from core import language
from core.metric import Unit
from core.report import Branding, Column, Figure, Finding, Holds, Plot, Section, Shape, Table
from reports import colour, plain, words
from reports.formats.pptx import FORMAT
from reports.slides import text
from reports.slides.look import look
from tests.reports import hostile, office, sample

HOSTILE = (
    *hostile.FORMULAS,
    *(one for one in hostile.ODD if len(one) < 1000),
    "**bold\x0b** & <a:t>",
    "\x85\u2028\x07",
)
LETTERS = (
    "The quick brown fox, 1234567890: Grüße aus Köln – Élan; señor? Ça va! Привет, мир. Ωμέγα 38 % (n/a) [x] +1 −1"
)
FONTS = {False: "LiberationSans-Regular.ttf", True: "LiberationSans-Bold.ttf"}
FOLDER = Path("/usr/share/fonts/truetype/liberation")


def drawn(spec, kind, *, width):
    return picture.draw(dict(spec), kind, width=width)


def written(document):
    out = io.BytesIO()
    with language.using(document.language, document.forms):
        FORMAT.write(document, drawn, out)
    return out.getvalue()


def opened(document):
    return pptx.Presentation(io.BytesIO(written(document)))


def of(*sections, **more):
    return replace(sample.document(sections=sections), definitions=(), notes=(), questions=(), **more)


def said(slide):
    """All words on a slide, as a person reads them."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += shape.text_frame.text.replace("\v", "\n").split("\n")
        if shape.has_table:
            found += [cell.text.replace("\v", "\n") for row in shape.table.rows for cell in row.cells]
    return found


def titled(deck, title):
    return [one for one in deck.slides if one.shapes.title is not None and one.shapes.title.text.startswith(title)]


def charts(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def tables(slides):
    return [shape.table for slide in slides for shape in slide.shapes if shape.has_table]


def charted(kind, rows, *columns, ys=None):
    table = Table(tuple(columns), tuple(rows), len(rows))
    return Section("c", Shape.CHART, "A chart", table=table, plot=Plot(kind, 0, ys or tuple(range(1, len(columns)))))


def book(chart):
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active


@pytest.fixture(scope="module")
def deck():
    return opened(sample.document())


def test_it_says_on_the_first_slide_where_its_numbers_come_from(deck):
    document = sample.document()
    cover = said(deck.slides[0])
    with language.using("en"):
        facts = words.facts(document)
    for expected in (document.title, document.subtitle, document.banner, *document.notes, *sum(facts, ())):
        assert expected in cover


def test_it_writes_key_numbers_as_the_document_has_them(deck):
    cards = said(titled(deck, "Key numbers")[0])
    assert {"1.2M", "3.8\u202f%", "EUR 1.5K", "at most 80K", "n/a"} <= set(cards)
    assert {"+18.0\u202f% · better", "−0.4 points · worse", "not measured on these platforms"} <= set(cards)


def test_it_draws_a_native_line_whose_gaps_are_gaps(deck):
    table = next(one for one in sample.document().sections if one.id == "days").table
    chart = charts(deck)[0]
    assert [tuple(series.values) for series in chart.plots[0].series] == [
        tuple(row[n] for row in table.rows) for n in (1, 2)
    ]
    assert chart._chartSpace.xpath("c:chart/c:dispBlanksAs/@val") == ["gap"]
    assert chart.has_legend and not chart.has_title


def test_it_embeds_the_whole_table_to_be_edited(deck):
    table = next(one for one in sample.document().sections if one.id == "split").table
    sheet = book(charts(deck)[1])
    assert [cell.value for cell in sheet[1]][1:] == ["Views", "Engagement rate", "Change", "Ad spend"]
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == list(table.rows)
    assert sheet["E2"].number_format == '"EUR "#,##0.00' and sheet["C2"].number_format == "0.00%"


def test_it_has_no_legend_for_one_series_and_values_beside_the_bars(deck):
    bars = charts(deck)[1]
    assert not bars.has_legend
    assert bars.plots[0].has_data_labels and bars.plots[0].data_labels.number_format == "#,##0"


def test_it_draws_an_area_with_a_gap_as_a_line():
    """A native area falls to zero over a gap."""
    days = [(date(2026, 1, n), None if n == 3 else n) for n in range(1, 9)]
    columns = (Column("Day", Holds.DAY), Column("Views", Holds.COUNT))
    gap, whole = charts(opened(of(charted("area", days, *columns), charted("area", days[3:], *columns))))
    assert type(gap.plots[0]).__name__ == "LinePlot" and type(whole.plots[0]).__name__ == "AreaPlot"


def test_it_gives_series_of_another_unit_a_chart_of_their_own():
    rows = [("Reel", 4000, 0.04), ("Post", 3000, 0.03)]
    found = opened(
        of(charted("column", rows, Column("Kind"), Column("Views", Holds.COUNT), Column("Rate", Holds.RATIO)))
    )
    assert [[series.name for series in one.plots[0].series] for one in charts(found)] == [["Views"], ["Rate"]]
    assert charts(found)[1].value_axis.tick_labels.number_format == "0%"


def test_it_says_of_a_bar_that_it_is_not_known():
    found = opened(of(charted("bar", [("X", 3), ("TikTok", None)], Column("Platform"), Column("Views", Holds.COUNT))))
    assert list(charts(found)[0].plots[0].categories) == ["X", "TikTok (n/a)"]


def test_it_goes_on_with_many_bars_on_a_next_slide_at_the_same_scale():
    rows = [(f"#{n}", 50 - n) for n in range(40)]
    found = charts(opened(of(charted("bar", rows, Column("Tag"), Column("Views", Holds.COUNT)))))
    assert [name for one in found for name in one.plots[0].categories] == [row[0] for row in rows]
    assert len({one.value_axis.maximum_scale for one in found}) == 1 and len(found) == 3


def test_it_says_so_where_there_is_nothing_to_draw():
    empty = charted("line", [(date(2026, 1, 1), None)], Column("Day", Holds.DAY), Column("Views", Holds.COUNT))
    found = opened(of(empty, replace(empty, table=Table(empty.table.columns, (), 0))))
    assert not charts(found)
    assert sum("No data in this period" in said(one) for one in found.slides) == 2


def test_it_shows_what_is_no_native_chart_as_a_sharp_picture_with_its_table():
    section = next(one for one in sample.document().sections if one.id == "days")
    found = opened(of(replace(section, plot=Plot("none"), chart=plain.plain(section.chart))))
    slide = titled(found, "Views by day")[0]
    shown = next(one for one in slide.shapes if one.shape_type == 13)
    assert shown.image.size[0] >= 1800 and shown._element.xpath(".//p:cNvPr/@descr") == ["Views by day"]
    assert shown.left >= 0 and shown.left + shown.width <= found.slide_width
    assert sum(len(one.rows) - 1 for one in tables(found.slides)) == 30


def test_it_repeats_the_head_and_counts_rows_and_says_what_is_elsewhere(deck):
    slides = titled(deck, "Top posts")
    document = sample.document()
    rows = next(one for one in document.sections if one.id == "posts").table
    found = tables(slides)
    shown = [[cell.text for cell in row.cells] for one in found for row in list(one.rows)[1:]]
    with language.using("en"):
        expected = [
            [text.clean(words.cell(v, c)).strip() for v, c in zip(r, rows.columns, strict=True)] for r in rows.rows
        ]
    assert shown == expected[:60]
    assert all([cell.text for cell in one.rows[0].cells] == [one.title for one in rows.columns] for one in found)
    counted = [line for one in slides for line in said(one) if line.startswith("Row")]
    assert counted[0].startswith("Rows 1–") and counted[-1].split(" · ")[0].endswith("–60 of 60")
    assert all("The first 60 of 120 rows; the whole table is in the Excel file." in one for one in counted)
    assert "The first 10 of 120 rows" in said(titled(deck, "Top 10 posts")[0])


def test_it_leads_to_the_web_only():
    links = (
        "https://example.com/p/1",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://x.example/\n=1",
        "http://",
    )
    columns = (Column("Post"), Column("Link", Holds.LINK))
    rows = tuple((f"Post {n}", one) for n, one in enumerate(links))
    with zipfile.ZipFile(
        io.BytesIO(written(of(Section("t", Shape.TABLE, "T", table=Table(columns, rows, 5)))))
    ) as file:
        targets = re.findall(r'Target="([^"]+)" TargetMode="External"', "".join(
            file.read(name).decode() for name in file.namelist() if name.endswith(".rels")))  # fmt: skip
    assert targets == ["https://example.com/p/1"]


def test_it_goes_on_with_a_row_that_is_higher_than_a_slide():
    long = " ".join(f"word{n}" for n in range(1500))
    table = Table((Column("Post"), Column("Views", Holds.COUNT)), ((long, 3), ("x" * 40_000, 4)), 2)
    slides = titled(opened(of(Section("t", Shape.TABLE, "Tall", table=table))), "Tall")
    cells = [row.cells[0].text for one in tables(slides) for row in list(one.rows)[1:]]
    assert "".join(cells).count("x") == 40_000
    assert re.findall(r"word\d+", " ".join(cells)) == long.split()


def test_it_spreads_a_wide_table_over_slides_with_its_first_column_on_each():
    columns = (Column("Account"), *(Column(f"A metric with a name {n}", Holds.COUNT) for n in range(40)))
    rows = tuple((f"Account {m}", *(n * 1_000_003 for n in range(40))) for m in range(3))
    slides = titled(opened(of(Section("t", Shape.TABLE, "Wide", table=Table(columns, rows, 3)))), "Wide")
    heads = [[cell.text for cell in one.rows[0].cells] for one in tables(slides)]
    assert all(one[0] == "Account" for one in heads) and len(heads) > 1
    assert [name for one in heads for name in one[1:]] == [one.title for one in columns[1:]]
    assert "of 41 columns" in " ".join(said(slides[0]))


@pytest.mark.parametrize("posts", [120, 2000], ids=["120 rows", "2,000 rows"])
def test_it_keeps_everything_within_the_slide(posts):
    found = opened(sample.document(posts=posts))
    for slide in found.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= found.slide_width + 9525
            assert shape.top >= 0 and shape.top + shape.height <= found.slide_height + 9525
        body = [one for one in slide.shapes if one.has_table or one.has_chart]
        assert all(one.top + one.height <= Inches(6.8) for one in body)


def test_it_gives_every_slide_its_own_title_and_number(deck):
    titles = [one.shapes.title.text for one in deck.slides]
    assert len(set(titles)) == len(titles)
    with_number = [one for one in deck.slides if one._element.xpath('.//a:fld[@type="slidenum"]')]
    assert len(with_number) == len(deck.slides) - 1
    assert all(sample.document().branding.footer in said(one) for one in with_number)


def test_it_tells_the_speaker_the_caveats_and_the_words_for_a_chart(deck):
    notes = titled(deck, "Views by day")[0].notes_slide.notes_text_frame.text.split("\n")
    assert notes == ["Views by day", "12 October is not known.", "Views: 1 of 30 values is not known."]


def test_it_says_in_words_what_charts_tables_and_pictures_show(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert shape._element.xpath(".//p:cNvPr/@descr")[0]


def test_it_prints_why_a_part_could_not_be_made(deck):
    assert {"This part could not be made.", "Not enough data yet: 12 of 28 days."} <= set(
        said(titled(deck, "Forecast")[0])
    )


def test_it_ends_with_definitions_notes_and_questions(deck):
    document = sample.document()
    ending = [line for slide in list(deck.slides)[-2:] for line in said(slide)]
    for one in document.definitions:
        assert {one.title, one.definition, one.formula} <= set(ending)
    assert {*document.notes, *document.questions} <= set(ending)


def test_it_has_a_section_from_each_break_on(deck):
    sections = deck.element.xpath("//*[local-name()='section']/@name")
    assert sections == ["October for Northwind & friends <b>bold</b>"] * 2 + ["About these numbers"]
    inside = deck.element.xpath("//*[local-name()='section']//*[local-name()='sldId']/@id")
    assert len(inside) == len(deck.slides)


def test_it_makes_something_of_an_empty_document():
    bare = replace(of(), title="", subtitle="", filters=(), data_until=None, compared=None, banner="")
    found = opened(bare)
    assert len(found.slides) == 2 and "This report has no blocks." in said(found.slides[1])


def test_it_makes_something_of_sections_that_are_empty():
    found = opened(of(*(Section(shape.value, shape, "Empty", table=Table((), (), 0)) for shape in Shape)))
    assert len(found.slides) >= 7


@pytest.mark.parametrize("odd", HOSTILE, ids=range(len(HOSTILE)))
def test_it_takes_any_text_anywhere(odd):
    columns = (Column(odd), Column(odd, Holds.COUNT, odd), Column("Link", Holds.LINK))
    table = Table(columns, ((odd, 1, odd), (odd + "2", 2, odd)), 2)
    figure = Figure(odd, odd, None, Unit.MONEY, odd, why_none=odd)
    found = opened(
        of(
            Section("a", Shape.FIGURES, odd, odd, figures=(figure,), notes=(odd,)),
            Section("b", Shape.CHART, odd, odd, words=odd, table=table, plot=Plot("bar", 0, (1,)), notes=(odd,)),
            Section("c", Shape.TABLE, odd, odd, table=table),
            Section("d", Shape.TEXT, odd, text=odd),
            Section("e", Shape.FINDINGS, odd, findings=(Finding(odd, odd, odd, True),)),
            Section("f", Shape.BREAK, odd, odd),
            Section("g", Shape.TABLE, odd, failed=odd),
            title=odd,
            subtitle=odd,
            workspace=odd,
            banner=odd,
            filters=(odd,),
        )
    )
    sheet = book(charts(found)[0])
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    everything = " ".join(line for slide in found.slides for line in said(slide))
    assert all(line.strip() in everything for line in text.clean(odd).split("\n"))


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_it_speaks_the_readers_language(code):
    document = replace(sample.document(), language=code, forms=code)
    found = opened(document)
    with language.using(code):
        facts = words.facts(document)
        rows = words.complete(next(one for one in document.sections if one.id == "split").table)
    assert {one for fact in facts for one in fact} <= set(said(found.slides[0]))
    assert rows in said(titled(found, "Views by platform")[0])
    assert found.core_properties.language == code
    english = {
        "Definitions",
        "No data in this period",
        "This part could not be made.",
        "Notes and questions",
        "Good news",
    }
    if code != "en":
        assert not english & {line for slide in found.slides for line in said(slide)}


def test_it_writes_the_same_bytes_again_and_elsewhere(tmp_path):
    once = written(sample.document())
    assert once == written(sample.document())
    assert once == hostile.elsewhere("pptx", tmp_path)


def test_it_carries_the_documents_dates_and_no_others():
    made = sample.document().made_at.replace(tzinfo=None)
    content = written(sample.document())
    properties = pptx.Presentation(io.BytesIO(content)).core_properties
    assert (properties.created, properties.modified) == (made, made)
    assert properties.author == properties.last_modified_by == "Plumbline"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [one for one in file.namelist() if "printer" in one or "thumbnail" in one]
        books = [one for one in file.namelist() if one.endswith(".xlsx")]
        created = {openpyxl.load_workbook(io.BytesIO(file.read(one))).properties.created for one in books}
    assert created == {made}


def test_it_wears_the_senders_colours_where_they_can_be_read():
    assert look(Branding(accent="#0F766E")).accent == "0F766E"
    assert look(Branding(accent="#FFE600", ink="#222244")).accent == "222244"
    for name in ("red", "#12", "#GGGGGG", ""):
        assert colour.contrast(f"#{look(Branding(accent=name, ink=name)).accent}", "#FFFFFF") >= 4.5


def test_it_shows_a_logo_whole_and_passes_over_what_is_none():
    out = io.BytesIO()
    Image.new("RGB", (900, 100), "#0F766E").save(out, "PNG")
    shown = next(one for one in opened(sample.document(logo=out.getvalue())).slides[0].shapes if one.shape_type == 13)
    assert abs(shown.width / shown.height - 9) < 0.05 and shown.width <= Inches(2.8)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    for broken in (svg, out.getvalue()[:40], b"\x89PNG\r\n\x1a\n", b"x"):
        assert not [one for one in opened(sample.document(logo=broken)).slides[0].shapes if one.shape_type == 13]


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.skipif(not (FOLDER / FONTS[False]).exists(), reason="the font that is as wide as Arial is not installed")
def test_it_knows_how_wide_words_run(bold):
    """Liberation Sans is as wide as Arial, letter for letter."""
    font = ImageFont.truetype(str(FOLDER / FONTS[bold]), 1000)
    for word in LETTERS.replace("\u202f", " ").split():
        assert (
            font.getlength(word, features=["-kern"])
            <= text.width(word, 72_000 / 1000 * 1000 / 72, bold) * 72 * 1.02 + 1
        )
    latin = LETTERS.split(" Привет")[0]
    assert text.width(latin, 1000, bold) * 72 == pytest.approx(font.getlength(latin, features=["-kern"]), rel=0.02)


def test_it_breaks_nothing_apart_that_fits_and_loses_nothing():
    lines = text.wrapped(f"{LETTERS} {'x' * 300}", 12, 2.0)
    assert all(text.width(one, 12) <= 2.0 for one in lines)
    assert "".join(lines).replace(" ", "") == f"{LETTERS}{'x' * 300}".replace(" ", "")


@pytest.mark.slow
@office.needed
def test_it_opens_in_another_program_with_every_slide_and_figure(tmp_path):
    file = tmp_path / "report.pptx"
    file.write_bytes(written(sample.document()))
    read = pypdf.PdfReader(office.saved_as(file, "pdf", tmp_path))
    assert len(read.pages) == len(pptx.Presentation(file).slides)
    shown = " ".join(page.extract_text() for page in read.pages)
    for expected in ("1.2M", "at most 80K", "800,000", "Rows 1–12 of 60", "Complete: 2 of 2 rows", "n/a"):
        assert expected in shown


def test_it_takes_two_years_of_days_in_time():
    first = date(2024, 10, 1)
    rows = [(first + timedelta(days=n), *(float(n * k) for k in range(1, 7))) for n in range(730)]
    columns = (Column("Day", Holds.DAY), *(Column(f"Platform {n}", Holds.COUNT) for n in range(6)))
    started = time.monotonic()
    found = charts(opened(of(*[charted("line", rows, *columns)] * 4)))
    assert len(found) == 4 and time.monotonic() - started < 20
