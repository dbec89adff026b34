"""A report as PDF: every figure is on paper, nothing is cut or alone, it can be listened to, and it is the same tomorrow."""

import io
import re
from dataclasses import replace
from datetime import UTC

import pypdf
import pypdfium2
import pytest
from PIL import Image

from charts import picture
from core import language
from core.metric import Unit
from core.report import Branding, Column, Figure, Finding, Holds, Section, Shape, Table
from reports import words
from reports.formats.pdf import FORMAT
from reports.pdf import look
from reports.pdf.text import clean
from tests.reports import hostile, sample

SCRIPTS = ("Grüße", "Привет", "Ωμέγα", "日本語の投稿", "한국어", "中文", "हिन्दी", "ไทย", "🚀", "👩‍🔬", "⚑", "𝗕𝗼𝗹𝗱")


def drawn(spec, kind, *, width):
    return picture.draw(spec, kind, width=width)


def sketched(spec, kind, *, width):
    """A chart without a chart: an empty page of its size."""
    assert kind == "pdf"
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(width, 240)
    writer.write(out)
    return out.getvalue()


def written(document, pictures=sketched):
    into = io.BytesIO()
    with language.using(document.language, document.forms):
        FORMAT.write(document, pictures, into)
    return into.getvalue()


def opened(document, pictures=sketched):
    return pypdf.PdfReader(io.BytesIO(written(document, pictures)))


def pages(document):
    return [_flat(page.extract_text()) for page in opened(document).pages]


def _flat(text):
    return re.sub(r"\s+", " ", text)


def _text(document):
    return " ".join(pages(document))


def _one(*sections, **changes):
    """A document of these sections alone."""
    changes = {"definitions": (), "questions": (), **changes}
    return replace(sample.document(sections=sections), **changes)


def _table(*rows):
    columns = (Column("Post"), Column("Views", Holds.COUNT))
    return Section("t", Shape.TABLE, "Posts", table=Table(columns, rows, len(rows)))


def _placed(page):
    """(text, left, base line) of each piece of a page."""
    found = []

    def visit(text, matrix, placed, font, size):
        if text.strip():
            found.append((text.strip(), placed[4], placed[5]))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("code", ["en", "de", "es", "fr"])
def test_it_says_on_page_one_where_its_numbers_come_from(code):
    document = replace(sample.document(), language=code, forms=code)
    found = pages(document)
    with language.using(code):
        facts = [_flat(said) for fact in words.facts(document) for said in fact]
        numbered = language.tr("Page {n} of {all}", n=2, all=len(found))
    for said in (*facts, document.banner, *document.notes, "What we published, and what came of it"):
        assert _flat(said) in found[0]
    assert numbered in found[1]
    assert code == "en" or "Page 2 of" not in numbered


def test_it_prints_every_figure_of_every_table():
    document = sample.document(posts=140)
    text = _text(document)
    for section in document.sections:
        for row in section.table.rows if section.table else ():
            for value, column in zip(row, section.table.columns, strict=True):
                if column.holds.is_number:
                    assert _flat(words.cell(value, column)) in text
    for figure in (one for section in document.sections for one in section.figures):
        assert _flat(words.value(figure)) in text
        assert _flat(words.change(figure)) in text
    for said in ("Complete: 140 of 140 rows", "The first 10 of 140 rows", "not measured on these platforms",
                 "no data in September", "12 October is not known.", "Not enough data yet: 12 of 28 days."):  # fmt: skip
        assert said in text


def test_it_says_better_and_worse_in_words():
    text = _text(sample.document())
    assert "↑ +18.0 % · better" in text and "↓ −0.4 points · worse" in text
    assert "before 1M" in text and "at most 80K" in text


def test_it_lists_what_every_figure_means():
    text = pages(sample.document())
    last = " ".join(text[-2:])
    for said in ("Definitions", "How often posts and videos were seen.", "engagement / impressions", "2026-05",
                 "views, engagement by day, 1–30 Oct 2026"):  # fmt: skip
        assert said in last
    assert "The charts in numbers" in last and "43,500" in last


@pytest.mark.slow
def test_it_repeats_the_head_of_a_long_table_and_loses_no_row():
    document = _one(replace(sample.document(posts=2000).sections[7], title=""))
    found = pages(document)
    tabled = [page for page in found if "example.com/p/" in page]
    assert len(tabled) > 30
    assert all("Post Kind Published Views" in page for page in tabled)
    text = " ".join(found)
    assert [int(n) for n in re.findall(r"example\.com/p/(\d+)", text)] == list(range(2000))
    assert all(_flat(f"Page {n} of {len(found)}") in page for n, page in enumerate(found, 1))


def test_it_never_divides_a_row():
    posts = [(f"begin{n} " + "and on and on " * (n % 23) * 3 + f"end{n}", n) for n in range(150)]
    found = pages(_one(_table(*posts)))
    assert len(found) > 4
    for n in range(150):
        page = next(page for page in found if re.search(rf"begin{n}\b", page))
        assert re.search(rf"end{n}\b", page), n


def test_it_leaves_no_last_row_alone():
    for count in range(36, 52):
        found = pages(_one(_table(*((f"a post {n}.", n) for n in range(count)))))
        last = next(page for page in found if f"Complete: {count} of {count} rows" in page)
        assert f"a post {count - 1}." in last and f"a post {count - 2}." in last


def test_it_writes_long_links_on_a_line_of_their_own():
    columns = (Column("Post"), Column("Views", Holds.COUNT), Column("Where", Holds.LINK))
    link = "https://example.com/a/very/long/way/to/go/until/it/ends/" + "7" * 40
    rows = tuple((f"Some words of a post, number {n}, that want their room", n, f"{link}{n}") for n in range(9))
    reader = opened(_one(Section("t", Shape.TABLE, "Posts", table=Table(columns, rows, 9))))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert all(f"{link}{n}\n" in f"{text}\n" for n in range(9))
    led = [one.get_object()["/A"]["/URI"] for page in reader.pages for one in page.get("/Annots", ())]
    assert led == [f"{link}{n}" for n in range(9)]


def test_it_prints_all_of_a_cell_that_no_page_could_hold():
    found = _text(_one(_table((" ".join(f"word{n}" for n in range(9000)), 1))))
    assert re.findall(r"word(\d+)", found) == [str(n) for n in range(9000)]


@pytest.mark.parametrize("fill", range(0, 48, 3))
def test_it_leaves_no_heading_alone_at_the_foot(fill):
    text = Section("x", Shape.TEXT, "Words", text="\n\n".join("line" for _ in range(fill)) or "line")
    chart = Section("c", Shape.CHART, "The chart", lead="leads on", chart={"mark": "bar"}, words="c", table=None)
    document = _one(text, _table(("a post", 1), ("another", 2)), chart)
    reader = opened(document)
    texts = [_flat(page.extract_text()) for page in reader.pages]
    (page,) = [one for one in texts if "Posts" in one]
    assert "a post" in page and "Complete: 2 of 2 rows" in page
    (page,) = [n for n, one in enumerate(texts) if "The chart" in one]
    assert "/Chart1" in reader.pages[page]["/Resources"]["/XObject"]
    assert "leads on" in texts[page]


@pytest.mark.parametrize("seen", [False, True])
def test_it_keeps_everything_inside_the_margins(seen):
    huge = "x" * 3000 + " " + "word " * 3000
    wide = Table(tuple(Column(f"A long name of column {n}", Holds.COUNT) for n in range(30)),
                 tuple(tuple(10**9 + n * m for n in range(30)) for m in range(9)), 9)  # fmt: skip
    document = _one(
        Section("k", Shape.FIGURES, huge[:4000], figures=(Figure("T" * 4000, "views", 1.0, Unit.COUNT),)),
        Section("w", Shape.TABLE, "Wide", table=wide),
        _table((huge, 1), (huge, 2)),
        Section("f", Shape.FINDINGS, "F", findings=(Finding(huge, huge[:5000], huge[:5000]),), notes=(huge,)),
        Section("e", Shape.TEXT, "Text", text=huge, lead=huge[:5000]),
        Section("b", Shape.CHART, "Broken", failed=huge),
        title=huge[:3500], subtitle=huge[:3500], banner=huge, filters=tuple(map(str, range(900))), notes=(huge,),
        branding=Branding(footer="foot " * 90),
    )  # fmt: skip
    data = written(document)
    if seen:
        paper = pypdfium2.PdfDocument(data)
        for n in range(len(paper)):
            shown = paper[n].render(scale=0.5).to_pil().convert("L")
            inside = shown.point(lambda value: 255 if value < 200 else 0).getbbox()
            assert inside[0] * 2 >= look.SIDE - 3 and inside[2] * 2 <= look.WIDE - look.SIDE + 3
            assert inside[3] * 2 <= look.HIGH - 20
    else:
        reader = pypdf.PdfReader(io.BytesIO(data))
        assert all(20 < y < look.HIGH - 20 for page in reader.pages for _, _, y in _placed(page))
        text = " ".join(_flat(page.extract_text()) for page in reader.pages)
        assert text.count("x") > 3000 * 8
        assert "30 columns" in text and text.count("Complete: 9 of 9 rows") > 2


def test_it_draws_charts_as_vectors():
    reader = opened(sample.document(), drawn)
    forms = [one.get_object() for page in reader.pages for one in page["/Resources"].get("/XObject", {}).values()]
    assert len(forms) == 2
    assert all(form["/Subtype"] == "/Form" for form in forms)
    assert all((b" l\n" in form.get_data() and b"Tj" in form.get_data()) or b"TJ" in form.get_data() for form in forms)
    assert not [one for page in reader.pages for one in page.images]
    page = next(n for n, page in enumerate(reader.pages) if "/XObject" in page["/Resources"])
    paper = pypdfium2.PdfDocument(written(sample.document(), drawn))
    shown = paper[page].render(scale=1).to_pil()
    colours = {colour for _, colour in shown.getcolors(maxcolors=100_000)}
    assert (76, 120, 168) in colours  # the line of the sample


def test_it_embeds_every_font_it_uses_and_no_more_of_it():
    data = written(sample.document(), drawn)
    assert len(data) < 400_000
    reader = pypdf.PdfReader(io.BytesIO(data))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described)
        assert "/ToUnicode" in font


@pytest.mark.parametrize("said", SCRIPTS)
def test_it_writes_every_script(said):
    paper = pypdfium2.PdfDocument(written(_one(Section("x", Shape.TEXT, "Words", text=f"- {said} -"))))
    text = paper[0].get_textpage().get_text_range()
    assert f"- {'Bold' if said == '𝗕𝗼𝗹𝗱' else said} -" in text
    assert "�" not in text


def test_it_writes_from_right_to_left_what_is_read_so():
    paper = pypdfium2.PdfDocument(written(_one(Section("x", Shape.TEXT, "", text="אב 12 גד"))))
    page = paper[0].get_textpage()
    signs = {page.get_text_range(n, 1): page.get_charbox(n)[0] for n in range(page.count_chars())}
    assert signs["ד"] < signs["ג"] < signs["ב"] < signs["א"]


def test_it_shows_that_a_sign_is_missing():
    text = _text(_one(Section("x", Shape.TEXT, "Words", text="a\U00013000b \U000e0001 \x00 \ue000")))
    assert "a�b" in text and text.count("�") == 4


def test_it_holds_no_sign_that_turns_what_is_read():
    assert clean("price \u202e0021\u202c\u2066\u200f") == "price 0021"


def test_it_prints_hostile_texts_and_runs_nothing():
    table = Table(hostile.COLUMNS, tuple(hostile.rows()), len(hostile.rows()))
    document = _one(Section("t", Shape.TABLE, "<b>=1+1", table=table), title="=1+1 <script>", filters=hostile.FORMULAS)
    data = written(document)
    assert not re.search(rb"/(JS|JavaScript|Launch|OpenAction|AA|EmbeddedFile|GoToR|SubmitForm)\b", data)
    reader = pypdf.PdfReader(io.BytesIO(data))
    text = _flat(" ".join(page.extract_text() for page in reader.pages))
    for said in ("=IMPORTXML", "＝1+1", "<r><t>x</t></r>", "half � emoji", "javascript:alert(1)", 'say "hello", twice'):
        assert said in text
    led = {one.get_object()["/A"]["/URI"] for page in reader.pages for one in page.get("/Annots", ())}
    assert led == {"https://example.com/?a=1&b=%C3%BC"}


def test_it_can_be_listened_to():
    reader = opened(sample.document(posts=30))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"]
    found = list(_elements(root["/StructTreeRoot"]["/K"]))
    kinds = [one["/S"] for one in found]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= 9
    alts = [one["/Alt"] for one in found if one["/S"] == "/Figure"]
    assert alts == ["Views by day", "Views by platform"]
    tables = [one for one in found if one["/S"] == "/Table"]
    assert [len(one["/K"]) for one in tables] == [3, 31, 11, 31]
    heads = [one for one in found if one["/S"] == "/TH"]
    assert heads and all(one["/A"]["/Scope"] == "/Column" for one in heads)


def _elements(element):
    element = element.get_object()
    yield element
    for inner in element.get("/K", ()):
        if not isinstance(inner, int):
            yield from _elements(inner)


def test_it_marks_all_that_is_said():
    """What is marked belongs to exactly one element, and all other text is said to be of no meaning."""
    reader = opened(sample.document(posts=30))
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for page, listed in zip(reader.pages, numbers[1::2], strict=True):
        content = page.get_contents().get_data().decode("latin-1")
        marked = [int(n) for n in re.findall(r"<</MCID (\d+)>> BDC", content)]
        assert marked == list(range(len(listed.get_object())))
        outside = re.sub(r"(BDC|BMC).*?EMC", "", content, flags=re.DOTALL)
        assert "Tj" not in outside and "TJ" not in outside


def test_it_has_an_outline():
    reader = opened(sample.document(posts=12))
    title, inner = reader.outline
    assert title.title == sample.document().title
    assert [one.title for one in inner] == [
        "Key numbers", "Views by day", "Views by platform", "What we tried", "Worth knowing", "Top posts", "Top 10 posts",
        "Forecast", "Definitions", "The charts in numbers", "Questions",
    ]  # fmt: skip
    for one in inner:
        page = reader.pages[reader.get_destination_page_number(one)]
        assert one.title in _flat(page.extract_text())


def test_it_tells_what_it_is():
    document = sample.document(posts=1)
    told = opened(document).metadata
    assert (told.title, told.author, told.creator) == (document.title, "Plumbline", "Plumbline 0.1.0")
    assert told.creation_date == told.modification_date == document.made_at.astimezone(UTC)


def test_it_begins_a_page_where_it_is_asked_to():
    one, two = (Section(name, Shape.TEXT, name, text="words") for name in ("One", "Two"))
    assert len(pages(_one(one, two))) == 1
    first, second = pages(
        _one(one, Section("b", Shape.BREAK), Section("b2", Shape.BREAK), two, Section("b3", Shape.BREAK))
    )
    assert "One" in first and "Two" in second


def test_it_prints_long_words_at_the_foot_once():
    short, long = (pages(replace(sample.document(), branding=Branding(footer="sent by us " * n))) for n in (20, 400))
    assert all("sent by us" in page for page in short)
    assert "sent by us" in long[0] and "sent by us" not in " ".join(long[3:])
    assert " ".join(long).count("sent") == 400


def test_it_writes_a_document_of_nothing():
    document = _one(filters=(), notes=(), banner="", subtitle="", data_until=None, compared=None)
    (page,) = pages(document)
    for said in ("no data yet", "everything", "This report has no blocks.", "Page 1 of 1"):
        assert said in page


def test_it_says_so_where_a_section_is_empty():
    empty = Section("t", Shape.TABLE, "T", table=Table((Column("A"),), (), 0))
    text = _text(_one(empty, Section("k", Shape.FIGURES, "K"), Section("f", Shape.FINDINGS, "F")))
    for said in ("No rows in this period.", "Complete: 0 of 0 rows", "No numbers were chosen.", "Nothing out of the"):
        assert said in text


def test_it_shows_the_logo():
    into = io.BytesIO()
    Image.new("RGBA", (300, 90), (10, 120, 90, 255)).save(into, "PNG")
    reader = opened(sample.document(posts=1, logo=into.getvalue()))
    (shown,) = reader.pages[0].images
    assert shown.image.size == (300, 90)


@pytest.mark.parametrize(
    "logo", [b"\x89PNG", b"GIF89a", b"<svg/>", b"\xff\xd8\xff\x00"], ids=["cut", "gif", "svg", "jpeg"]
)
def test_it_goes_without_a_logo_that_is_no_picture(logo):
    assert not opened(sample.document(posts=1, logo=logo)).pages[0].images


def test_it_draws_words_in_no_colour_that_cannot_be_read():
    document = sample.document(posts=3)
    for accent, shown in (("#0F766E", True), ("#FFF3B0", False), ("url(x)", False)):
        reader = opened(replace(document, branding=Branding(accent=accent)))
        content = b"".join(page.get_contents().get_data() for page in reader.pages)
        assert (b"0.059 0.463 0.431 rg" in content) == shown
        assert b"1.000 0.953 0.690 rg" not in content


def test_it_writes_the_same_bytes_again():
    assert written(sample.document()) == written(sample.document())


@pytest.mark.slow
def test_it_writes_the_same_bytes_elsewhere(tmp_path):
    assert hostile.elsewhere("pdf", tmp_path) == written(sample.document(), drawn)
