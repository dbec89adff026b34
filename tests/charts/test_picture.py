"""A chart as a PDF, which is laid on the pages of a report."""

import io

import pypdf

from charts import picture, theme
from reports.plain import plain
from tests.reports import sample


def test_it_draws_a_chart_as_vectors_with_words():
    spec = plain(sample._line())
    (page,) = pypdf.PdfReader(io.BytesIO(picture.draw(spec, "pdf", width=600))).pages
    assert "30K" in page.extract_text()
    assert not page.images
    assert 600 <= page.mediabox.width <= 680


def test_it_sets_words_in_the_font_that_comes_along():
    (page,) = pypdf.PdfReader(io.BytesIO(picture.draw(plain(sample._line()), "pdf"))).pages
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("Inter" in font for font in fonts)


def test_it_repeats_itself():
    spec = theme.empty("No data", 80).to_dict()
    assert picture.draw(spec, "pdf") == picture.draw(spec, "pdf")
    assert b"CreationDate" not in picture.draw(spec, "pdf")
