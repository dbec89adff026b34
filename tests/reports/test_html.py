"""A report as one HTML file: it says all there is to say, runs only what it was written with, and asks nobody."""

import base64
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

from charts import picture
from core import language
from core.metric import Unit
from core.report import Branding, Column, Definition, Figure, Finding, Holds, Section, Shape, Table
from reports import words
from reports.formats.html import FORMAT
from reports.page import scripts
from tests.reports import sample

ROOT = Path(__file__).resolve().parents[2]
PAYLOADS = (
    "<script>hit()</script>",
    "</script><script>hit()</script>",
    "</style><script>hit()</script>",
    "</title><script>hit()</script>",
    "<!--<script>",
    "-->]]><img src=x onerror=hit()>",
    '"><svg onload=hit()>',
    "' onmouseover='hit()",
    '" autofocus onfocus="hit()',
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "javascript:hit()",
    "{{constructor.constructor('hit()')()}}",
    "&lt;script&gt;hit()&lt;/script&gt;",
    "<base href=https://evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "**<b onclick=hit()>**",
    "\x00<\x0bscript>hit()</script> \ud83d \u2028 \u202e",
)
LINKS = (
    "javascript:hit()",
    " javascript:hit()",
    "data:text/html,<script>hit()</script>",
    "//evil.example",
    "file:///etc/passwd",
)


def drawn(spec, kind, *, width):
    return picture.draw(dict(spec), kind, width=width)


def sketched(spec, kind, *, width):
    return json.dumps([spec, kind, width]).encode()


def written(document, pictures=sketched):
    into = io.BytesIO()
    FORMAT.write(document, pictures, into)
    return into.getvalue()


def plain_document(*sections, **changes):
    """One without charts, and so written at once."""
    return replace(sample.document(sections=sections), **changes)


class Page(HTMLParser):
    """What a reader of HTML that is not ours finds in a file."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.cells, self.scripts, self.styles, self._in = [], [], [], [], []
        self.feed(text)

    def names(self):
        return [name for name, _ in self.elements if name not in ("strong", "br")]

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name in ("script", "style"):
            (self.scripts if name == "script" else self.styles).append((dict(attributes), ""))
        if name in ("td", "th"):
            self.cells.append("")
        if name not in ("meta", "img", "hr", "br", "input"):
            self._in.append(name)

    def handle_endtag(self, name):
        assert self._in.pop() == name

    def handle_data(self, data):
        if {"td", "th"} & set(self._in):
            self.cells[-1] += data
        if self._in and self._in[-1] in ("script", "style"):
            kept = self.scripts if self._in[-1] == "script" else self.styles
            kept[-1] = (kept[-1][0], kept[-1][1] + data)


def read(document):
    return Page(written(document).decode())


def of_payload(text):
    """A document with a text wherever people's text can be."""
    table = Table((Column(text), Column("Link", Holds.LINK), Column("Views", Holds.COUNT)), ((text, text, 1),), 1)
    figure = Figure(text, "views", None, Unit.COUNT, text, why_none=text)
    chart = sample._bars()
    chart["datasets"] = {name: [{"platform": text, "views": 3}] for name in chart["datasets"]}
    return replace(
        sample.document(logo=text.encode(errors="replace")),
        title=text, subtitle=text, workspace=text, filters=(text,), notes=(text,), banner=text, questions=(text,), program=text,
        definitions=(Definition("views", text, text, text, (text,), text),),
        branding=Branding(logo=text.encode(errors="replace"), accent=text, ink=text, footer=text),
        sections=(
            Section("cover", Shape.COVER, text, text=text, notes=(text,)),
            Section("kpis", Shape.FIGURES, text, lead=text, figures=(figure,), notes=(text,)),
            Section("chart", Shape.CHART, text, chart=chart, words=text, table=table),
            Section("text", Shape.TEXT, text, text=text),
            Section("found", Shape.FINDINGS, text, findings=(Finding(text, text, text, True),)),
            Section("failed", Shape.TABLE, text, failed=text),
        ),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _quick_scripts(request, monkeypatch):
    """Where no browser draws, what draws need not be put together."""
    if not request.node.get_closest_marker("browser"):
        monkeypatch.setattr(scripts, "charts", lambda: "/* charts */")


def test_it_writes_every_value_of_every_table():
    document = sample.document(posts=2000)
    found = read(document).cells
    expected = []
    for one in document.sections:
        for line in [one.table] if one.table else []:
            expected += [f"{c.title} ({c.currency})" if c.currency else c.title for c in line.columns]
            expected += [
                words.cell(value, column) for row in line.rows for value, column in zip(row, line.columns, strict=True)
            ]
    assert [one.replace("\r", "\n") for one in expected] == [one.replace("\r", "\n") for one in found]
    assert len(found) > 12_000


def test_it_says_on_top_where_its_numbers_come_from():
    document = sample.document()
    text = written(document).decode()
    top = text[text.index("<header>") : text.index("</header>")]
    for what, said in words.facts(document):
        assert f"<dt>{what}</dt><dd>{said}</dd>" in top
    assert document.banner in top and document.notes[0] in top and "Prepared by the marketing team." in top


def test_it_says_what_is_not_known_and_what_could_not_be_made():
    text = written(sample.document()).decode()
    for said in ("not measured on these platforms", "at most 80K", "no data in September", "12 October is not known.",
                 "Not enough data yet: 12 of 28 days.", "The first 10 of 120 rows", "Complete: 120 of 120 rows",
                 "Northwind Traders · internal", "How often posts and videos were seen.", "Instagram: views"):  # fmt: skip
        assert said in text, said


def test_it_leads_from_a_figure_to_its_definition():
    page = read(sample.document())
    places = {one["id"] for _, one in page.elements if "id" in one}
    inside = [one["href"][1:] for name, one in page.elements if name == "a" and one["href"].startswith("#")]
    assert "means-views" in inside and set(inside) <= places
    assert len(places) == sum("id" in one for _, one in page.elements)


def test_it_allows_only_what_it_was_written_with():
    page = read(sample.document())
    policy = next(one["content"] for _, one in page.elements if one.get("http-equiv") == "Content-Security-Policy")
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}

    def hashed(found):
        return [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for attributes, text in found
            if attributes.get("type") != "application/json"
        ]

    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert rules["script-src"] == hashed(page.scripts)
    assert rules["style-src"] == hashed(page.styles)
    assert "unsafe" not in policy and "http" not in policy


def test_it_asks_not_to_be_listed_and_tells_nobody_where_it_was():
    named = {
        one["name"]: one["content"]
        for name, one in read(sample.document()).elements
        if name == "meta" and "name" in one
    }
    assert named["robots"] == "noindex, nofollow" and named["referrer"] == "no-referrer"
    links = [one for name, one in read(sample.document()).elements if name == "a" and not one["href"].startswith("#")]
    assert links and all(one["rel"] == "noopener noreferrer" and one["href"].startswith("https://") for one in links)


@pytest.mark.parametrize("text", PAYLOADS)
def test_it_lets_no_text_become_markup(text):
    page, harmless = read(of_payload(text)), read(of_payload("harmless"))
    assert page.names() == harmless.names()
    assert not [
        key
        for _, one in page.elements
        for key in one
        if key.startswith("on") or key in ("style", "srcdoc", "autofocus")
    ]
    assert len(page.scripts) == len(harmless.scripts)
    assert [one for _, one in page.styles] == [one for _, one in harmless.styles]


@pytest.mark.parametrize("address", LINKS)
def test_it_follows_only_links_to_the_web(address):
    table = Table((Column("Link", Holds.LINK),), ((address,),), 1)
    page = read(plain_document(Section("t", Shape.TABLE, "T", table=table)))
    assert [one for name, one in page.elements if name == "a" and not one["href"].startswith("#")] == []
    assert address in page.cells


@pytest.mark.parametrize(
    "logo", [b"<svg onload=hit()>", b"GIF89a", b"", b"<script>"], ids=["svg", "gif", "none", "html"]
)
def test_it_shows_no_logo_but_a_picture(logo):
    document = plain_document(branding=Branding(logo=logo))
    assert "img" not in [name for name, _ in read(document).elements]


@pytest.mark.parametrize(
    ("accent", "day"),
    [("#0F766E", "#0F766E"), ("#FFE680", "#1B1F27"), ("red;}</style>", "#1B1F27")],
    ids=["dark enough", "too light", "no colour"],
)
def test_it_uses_the_senders_colour_where_it_can_be_read(accent, day):
    text = written(plain_document(branding=Branding(accent=accent))).decode()
    assert f"--accent:{day}}}" in text.replace(" ", "")


def test_it_writes_an_empty_document():
    page = read(plain_document(definitions=(), questions=(), notes=(), banner="", compared=None, data_until=None))
    names = [name for name, _ in page.elements]
    assert names.count("h1") == 1 and "nav" not in names and "section" not in names


def test_it_draws_a_course_with_its_gaps():
    figure = Figure("Views", "views", 3, Unit.COUNT, course=(1.0, 2.0, None, 3.0, None, None))
    page = read(plain_document(Section("k", Shape.FIGURES, "K", figures=(figure,))))
    (line,) = [one["d"] for name, one in page.elements if name == "path"]
    assert line.count("M") == 2 and "nan" not in line


@pytest.mark.parametrize("code", ["en", "de", "es", "fr"])
def test_it_speaks_the_readers_language(code):
    with language.using(code, code):
        document = replace(sample.document(), language=code, forms=code)
        text = written(document).decode()
        assert f'<html lang="{code}"' in text
        assert words.cell(800_000, Column("Views", Holds.COUNT)) in text
    english = (
        "Show as a table",
        "Find in this table",
        "Show all 120 rows",
        "This part could not be made.",
        "What to do:",
        ">Contents<",
    )
    assert [one for one in english if (one in text) != (code == "en")] == []


_AGAIN = """
import hashlib
from reports.page import scripts
from tests.reports import sample
from tests.reports.test_html import written
scripts.charts = lambda: "/* charts */"
print(hashlib.sha256(written(sample.document())).hexdigest())
"""


@pytest.mark.slow
def test_it_writes_the_same_bytes_in_another_process_and_zone():
    settings = os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    other = subprocess.run(
        [sys.executable, "-c", _AGAIN], env=settings, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == hashlib.sha256(written(sample.document())).hexdigest()
    assert written(sample.document()) == written(sample.document())


@pytest.mark.slow
def test_it_gets_what_draws_charts_without_a_network():
    import vl_convert

    code = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version="v6.4")
    assert not re.search(r"</script|<!--|[\r\x00]", code)  # it stands inside a script element, as it is
    assert json.dumps(code)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Name -> a file with living charts."""
    folder = tmp_path_factory.mktemp("html")
    documents = {"sample": sample.document(posts=2000), "hostile": of_payload(" ".join(PAYLOADS))}
    for name, document in documents.items():
        (folder / f"{name}.html").write_bytes(written(document, drawn if name == "sample" else sketched))
    return {name: (folder / f"{name}.html").as_uri() for name in documents}


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium on this machine; install Debian's package of that name")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@contextlib.contextmanager
def opened(browser, address, **options):
    """A file, read in a browser that may ask for nothing else, and has nothing to complain of."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options)
    context.add_init_script("window.hit = () => console.error('hit')")
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html.ready", timeout=120_000, state="attached")
    yield page
    context.close()
    assert asked == [address], f"the page asked for {asked}"
    assert said == [], f"the page complains: {said}"


browsing = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]


def marked(test):
    for one in browsing:
        test = one(test)
    return test


def column(page, at):
    return page.locator(f"#part-posts tbody tr:not([hidden]) td:nth-child({at})").all_inner_texts()


@marked
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_keeps_nobody_out_and_fits(browser, files, scheme, width):
    with opened(browser, files["sample"], color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for one in page.locator("summary").all():
            one.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    with opened(
        browser, files["sample"], color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    ) as page:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [
            (one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in ("serious", "critical")
        ] == []


@marked
def test_it_runs_no_text(browser, files):
    with opened(browser, files["hostile"], bypass_csp=True) as page:  # even where nothing forbids it
        bar = page.locator("figure svg .mark-rect path, figure svg path.background").last
        bar.hover(force=True)
        assert page.locator("script, iframe, base, [onclick], [onerror], [onload], [onfocus]").count() == 4
        assert page.locator("figure.drawn").count() == 1


@marked
def test_it_says_a_tooltip_as_text(browser, files):
    with opened(browser, files["hostile"]) as page:
        page.locator("figure svg g.mark-rect path").first.hover()
        page.locator(".tip:visible").wait_for()
        assert PAYLOADS[0] in page.locator(".tip").inner_text()
        assert page.locator(".tip script").count() == 0


@marked
def test_it_draws_every_chart_and_again_for_the_night(browser, files):
    with opened(browser, files["sample"], color_scheme="light") as page:
        assert page.locator("figure.drawn svg").count() == page.locator("figure").count() == 2
        ink = "getComputedStyle(document.querySelector('figure svg .role-axis-label text')).fill"
        by_day = page.evaluate(ink)
        page.emulate_media(color_scheme="dark")
        for _ in range(100):  # the page lets no function wait for it
            page.wait_for_timeout(100)
            if page.evaluate(ink) != by_day:
                break
        assert page.evaluate(ink) != by_day
        assert page.locator("figure.drawn svg").count() == 2
        label = page.locator("figure .live").first
        assert label.get_attribute("role") == "img" and label.get_attribute("aria-label") == "Views by day"


@marked
def test_it_sorts_numbers_as_numbers_and_puts_what_is_not_known_last(browser, files):
    with opened(browser, files["sample"]) as page:
        page.locator("#part-posts button.all").click()
        page.locator("#part-posts th button", has_text="Views").click()
        assert column(page, 4)[:2] == ["10,000", "9,999"] and len(column(page, 4)) == 2000
        page.locator("#part-posts th button", has_text="Views").click()
        assert column(page, 4)[:2] == ["8,001", "8,002"]
        assert page.locator("#part-posts th[aria-sort=ascending]").inner_text().startswith("Views")
        page.locator("#part-days summary").click()
        for _ in range(2):
            page.locator("#part-days th button", has_text="Views").first.click()
            assert page.locator("#part-days tbody tr").last.locator("td").nth(1).inner_text() == "n/a"


@marked
def test_it_finds_in_a_long_table_and_folds_it(browser, files):
    with opened(browser, files["sample"]) as page:
        part = page.locator("#part-posts")
        assert len(column(page, 1)) == 25 and part.locator("button.all").inner_text() == "Show all 2,000 rows"
        part.locator("input").fill("p/1999")
        assert column(page, 6) == ["https://example.com/p/1999"]
        assert part.locator("output").inner_text() == "1 of 2,000 rows found"
        part.locator("input").fill("")
        part.locator("button.all").click()
        assert len(column(page, 1)) == 2000


@marked
def test_it_loses_nothing_without_scripts_and_on_paper(browser, files):
    with opened(browser, files["sample"], java_script_enabled=False) as page:
        assert [one.is_visible() for one in page.locator("figure img.paper").all()] == [True, True]
        assert (
            page.locator("#part-posts tbody tr").count()
            == page.locator("#part-posts tbody tr >> visible=true").count()
            == 2000
        )
        assert page.locator(".find, button").locator("visible=true").count() == 0
        page.locator("summary").first.click()
        assert page.locator("#part-days td").first.is_visible()
    with opened(browser, files["sample"]) as page:
        page.emulate_media(media="print")
        assert [one.is_visible() for one in page.locator("figure img.paper").all()] == [True, True]
        assert page.locator("#part-posts tbody tr >> visible=true").count() == 2000
        assert not page.locator("nav").is_visible() and not page.locator("figure .live").first.is_visible()
