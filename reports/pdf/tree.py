"""The tree of a document: what is a heading, a paragraph, a table or a picture, for who listens to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfWriter


@dataclass(slots=True, eq=False)
class Element:
    """A node: the elements in it, or the numbers of the marked pieces of a page that it is drawn by."""

    kind: str
    alt: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    inner: list[Element] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    page: int = 0


class Tree:
    """All that is said, in the order in which it is read."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._marked: dict[int, list[Element]] = {}

    def add(self, kind: str, into: Element | None = None, *, alt: str = "", **attributes: str) -> Element:
        """A new element at the end of another, or of the document."""
        made = Element(kind, alt, attributes)
        (into or self.root).inner.append(made)
        return made

    def mark(self, element: Element, page: int) -> int:
        """The number of a new marked piece of a page, which belongs to an element."""
        marked = self._marked.setdefault(page, [])
        marked.append(element)
        element.page = page
        element.marks.append(len(marked) - 1)
        return len(marked) - 1

    def write(self, writer: PdfWriter) -> None:
        """Lay the tree into a file."""
        from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject

        refs: dict[int, Any] = {}
        pages = list(writer.pages)
        root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
        root_ref = writer._add_object(root)
        root[NameObject("/K")] = self._laid(self.root, root_ref, writer, pages, refs)
        numbers = ArrayObject()
        for n, page in enumerate(sorted(self._marked)):
            pages[page - 1][NameObject("/StructParents")] = NumberObject(n)
            pages[page - 1][NameObject("/Tabs")] = NameObject("/S")
            listed = writer._add_object(ArrayObject(refs[id(one)] for one in self._marked[page]))
            numbers.extend((NumberObject(n), listed))
        root[NameObject("/ParentTree")] = writer._add_object(DictionaryObject({NameObject("/Nums"): numbers}))
        root[NameObject("/ParentTreeNextKey")] = NumberObject(len(self._marked))
        catalogue = writer.root_object
        catalogue[NameObject("/StructTreeRoot")] = root_ref
        catalogue[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})

    def _laid(self, element: Element, parent: Any, writer: PdfWriter, pages: list[Any], refs: dict[int, Any]) -> Any:
        from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

        made = DictionaryObject({NameObject("/S"): NameObject(f"/{element.kind}"), NameObject("/P"): parent})
        reference = refs[id(element)] = writer._add_object(made)
        if element.page:
            made[NameObject("/Pg")] = pages[element.page - 1].indirect_reference
        if element.alt:
            made[NameObject("/Alt")] = TextStringObject(element.alt)
        if element.attributes:
            told = {NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in element.attributes.items()}
            made[NameObject("/A")] = DictionaryObject({NameObject("/O"): NameObject("/Table"), **told})
        inner = [self._laid(one, reference, writer, pages, refs) for one in element.inner]
        made[NameObject("/K")] = ArrayObject([*map(NumberObject, element.marks), *inner])
        return reference
