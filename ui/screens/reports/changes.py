"""How the builder keeps what a person does: every change at once, before the page is drawn anew. For callbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import streamlit as st

from core import clock
from core.errors import AppError
from core.kept import retold
from core.report import Block, Branding, Layout
from core.viewer import Viewer
from services.reports import layouts
from services.reports.layouts import Kept

_SAVED, _REFUSED, _CHOSEN, _REMOVED = "report-saved", "report-refused", "report-chosen", "report-removed"


@dataclass(frozen=True, slots=True)
class Draft:
    """The report on the screen: whose, which, and as it is kept now."""

    viewer: Viewer
    kept: Kept

    @property
    def layout(self) -> Layout:
        """What is laid out."""
        return self.kept.layout

    def key(self, name: str) -> str:
        """The key of a widget of this report."""
        return f"report-{self.kept.id}-{name}"

    def held(self, name: str, value: Any) -> str:
        """The same, the widget showing what is kept."""
        key = self.key(name)
        if st.session_state.get(key) != value or key not in st.session_state:
            st.session_state[key] = value
        return key

    def given(self, name: str) -> Any:
        """What a person put into a widget."""
        return st.session_state[self.key(name)]

    def change(self, make: Callable[[Layout], Layout]) -> None:
        """Keep the layout as `make` answers it; what cannot be is said on the page, and nothing changes."""
        for key in (_SAVED, _REFUSED, _REMOVED):
            st.session_state.pop(key, None)
        try:
            layouts.save(self.viewer, self.kept.id, make(layouts.find(self.viewer, self.kept.id).layout))
            st.session_state[_SAVED] = (self.kept.id, clock.utc_now())
        except AppError as error:
            self.refuse(error)

    def set(self, **values: Any) -> None:
        """Change fields of the layout."""
        self.change(lambda layout: replace(layout, **values))

    def brand(self, **values: Any) -> None:
        """Change fields of the branding."""
        self.change(lambda layout: replace(layout, branding=_branded(layout.branding, values)))

    def refuse(self, error: AppError) -> None:
        """Say on the page why something could not be."""
        st.session_state[_REFUSED] = (self.kept.id, f"{retold(error.message)} {retold(error.hint)}".strip())

    def chosen(self) -> Block | None:
        """The block that is being changed: the first one unless another was picked."""
        found, blocks = st.session_state.get(_CHOSEN), self.layout.blocks
        return next((one for one in blocks if one.id == found), blocks[0] if blocks else None)

    def pick(self, block_id: str) -> None:
        """Show the settings of a block."""
        st.session_state[_CHOSEN] = block_id

    def order(self, ids: list[str]) -> None:
        """Put the blocks in this order; those that it does not name stay behind."""
        at = {block_id: place for place, block_id in enumerate(ids)}
        self.change(lambda layout: replace(
            layout, blocks=tuple(sorted(layout.blocks, key=lambda one: at.get(one.id, len(at))))
        ))  # fmt: skip

    def move(self, block_id: str, by: int) -> None:
        """Move a block up or down by one place."""
        ids = [one.id for one in self.layout.blocks]
        at = ids.index(block_id)
        to = min(max(at + by, 0), len(ids) - 1)
        ids[at], ids[to] = ids[to], ids[at]
        self.pick(block_id)
        self.order(ids)

    def add(self, part: str) -> None:
        """A new block after the one that is being changed."""
        after = self.chosen()
        self._insert(Block(layouts.new_block_id(), part), after.id if after else "")

    def double(self, block: Block) -> None:
        """The same block once more, right after it."""
        self._insert(replace(block, id=layouts.new_block_id()), block.id)

    def _insert(self, block: Block, after: str) -> None:
        def with_it(layout: Layout) -> Layout:
            ids = [one.id for one in layout.blocks]
            at = ids.index(after) + 1 if after in ids else len(ids)
            return replace(layout, blocks=(*layout.blocks[:at], block, *layout.blocks[at:]))

        self.change(with_it)
        self.pick(block.id)

    def remove(self, block_id: str) -> None:
        """Take a block out; until the next change it can be brought back."""
        at = next(place for place, one in enumerate(self.layout.blocks) if one.id == block_id)
        block, left = self.layout.blocks[at], [one for one in self.layout.blocks if one.id != block_id]
        self.change(lambda layout: replace(layout, blocks=tuple(one for one in layout.blocks if one.id != block_id)))
        if left:
            self.pick(left[min(at, len(left) - 1)].id)
        st.session_state[_REMOVED] = (self.kept.id, at, block)

    def bring_back(self) -> None:
        """Put the removed block where it was."""
        _, at, block = st.session_state[_REMOVED]
        self.change(lambda layout: replace(layout, blocks=(*layout.blocks[:at], block, *layout.blocks[at:])))
        self.pick(block.id)

    def retitle(self, block_id: str, title: str) -> None:
        """Give a block a title of its own; empty takes its part's."""
        self._on(block_id, lambda block: replace(block, title=title.strip()))

    def option(self, block_id: str, name: str, value: Any, *, without: bool = False) -> None:
        """Choose a setting of a block; `without` takes the usual one."""

        def chosen(block: Block) -> Block:
            options: Mapping[str, Any] = {key: one for key, one in block.options.items() if key != name}
            return replace(block, options=options if without else {**options, name: value})

        self._on(block_id, chosen)

    def _on(self, block_id: str, make: Callable[[Block], Block]) -> None:
        self.change(lambda layout: replace(
            layout, blocks=tuple(make(one) if one.id == block_id else one for one in layout.blocks)
        ))  # fmt: skip

    @property
    def removed(self) -> Block | None:
        """The block that was just taken out."""
        found = st.session_state.get(_REMOVED)
        return found[2] if found and found[0] == self.kept.id else None

    @property
    def saved_at(self) -> datetime:
        """When the report was last kept."""
        found = st.session_state.get(_SAVED)
        return found[1] if found and found[0] == self.kept.id else self.kept.changed_at

    @property
    def refused(self) -> str:
        """Why the last change could not be kept, or nothing."""
        found = st.session_state.get(_REFUSED)
        return str(found[1]) if found and found[0] == self.kept.id else ""


def _branded(of: Branding, values: Mapping[str, Any]) -> Branding:
    return replace(of, **values)
