"""Elements that the library has no words for."""

from __future__ import annotations

from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.xmlchemy import OxmlElement

SPACES = {
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p14": "http://schemas.microsoft.com/office/powerpoint/2010/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}


def element(tag: str, *inside: Any, **said: str) -> Any:
    """An element with its attributes, and others inside it."""
    prefix = tag.partition(":")[0]
    made = parse_xml(f'<{tag} xmlns:{prefix}="{SPACES[prefix]}"/>') if prefix in SPACES else OxmlElement(tag)
    for name, value in said.items():
        made.set(name, value)
    made.extend(inside)
    return made
