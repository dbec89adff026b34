"""HTML made of values: text is escaped because it is text, and only what was built here is not."""

from __future__ import annotations

import json
import re
from typing import Any

from reports import safe

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_EMPTY = frozenset({"meta", "img", "hr", "br", "input"})


class Html(str):
    """Finished markup: it is not escaped again."""

    __slots__ = ()


Part = str | None
"""Text, which is escaped; `Html`, which is not; or nothing."""


def escaped(text: str) -> str:
    """A text as it stands in a page or in an attribute. What no page may hold becomes a replacement mark.

    >>> escaped('<img onerror="x">\\x00')
    '&lt;img onerror=&quot;x&quot;&gt;\ufffd'
    """
    return text if isinstance(text, Html) else safe.writable(text).translate(_ESCAPES)


def tag(name: str, /, *parts: Part, **attributes: str | bool | None) -> Html:
    """An element. An attribute that is True stands alone, one that is None or False is left out; `class_` is "class",
    `data_v` is "data-v".

    >>> tag("p", "a < b", tag("br"), class_="lead", hidden=True, id=None)
    '<p class="lead" hidden>a &lt; b<br></p>'
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escaped(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{said}>" if name in _EMPTY else f"<{name}{said}>{joined(*parts)}</{name}>")


def joined(*parts: Part) -> Html:
    """Parts one after the other."""
    return Html("".join(escaped(part) for part in parts if part is not None))


def data(value: Any) -> Html:
    """A value as JSON inside a script element that is not run; nothing in it can end the element.

    >>> data({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    return Html(json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_IN_SCRIPT))


def paragraphs(text: str) -> Html:
    """Plain text in paragraphs, which blank lines divide; line breaks stay, and **words** are bold.

    >>> paragraphs("One\\ntwo\\n\\n**Three** <b>")
    '<p>One<br>two</p><p><strong>Three</strong> &lt;b&gt;</p>'
    """
    found = [one.strip() for one in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))]
    return joined(*(tag("p", _lines(one)) for one in found if one))


def _lines(text: str) -> Html:
    bold = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"<strong>\1</strong>", escaped(text))
    return Html(bold.replace("\n", "<br>"))


def link(address: str, *parts: Part) -> Html:
    """A link to elsewhere, which tells the other side nothing; only the text where it may not be followed.

    >>> link("javascript:alert(1)", "here")
    'here'
    """
    if not safe.is_web(address):
        return joined(*parts)
    return tag("a", *parts, href=address, target="_blank", rel="noopener noreferrer", referrerpolicy="no-referrer")
