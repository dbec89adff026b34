"""Two pieces of the builder that the framework has not: a list to put in order, and a page in a closed frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.language import tr

_STATIC = Path(__file__).resolve().parents[2] / "static"
_ORDER = st.components.v2.component(
    "plumbline_order",
    html='<ol></ol><div class="said" aria-live="polite"></div>',
    css=(_STATIC / "order.css").read_text(encoding="utf-8"),
    js=(_STATIC / "order.js").read_text(encoding="utf-8"),
)
_FRAME = st.components.v2.component(
    "plumbline_frame",
    html='<iframe sandbox="allow-scripts" referrerpolicy="no-referrer"></iframe>',
    css="""iframe { width: 100%; box-sizing: border-box; border: 1px solid var(--st-border-color); border-radius: 8px;
 background: #FFFFFF; display: block; }""",
    js="""export default function ({ parentElement, data }) {
  const frame = parentElement.querySelector("iframe");
  frame.title = data.title;
  frame.style.height = `${data.height}px`;
  if (frame.__page !== data.page) { frame.__page = data.page; frame.srcdoc = data.page; }
}""",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One of a list. `icon` is the name of a Material symbol, `about` a small line below the title."""

    id: str
    icon: str
    title: str
    about: str


def ordered(
    items: Sequence[Item], chosen: str, key: str, *, label: str, picked: Callable[[str], None],
    moved: Callable[[list[str]], None],
) -> None:  # fmt: skip
    """Items that can be dragged, moved with the arrow keys, and chosen. `picked` and `moved` are told of it before
    the page is drawn anew."""
    words = {
        "list": label,
        "grip": tr("Drag to move, or use the arrow keys"),
        "place": tr("Move {title}: {at} of {all}. Use the arrow keys.", title="{title}", at="{at}", all="{all}"),
    }
    _ORDER(
        key=key,
        data={"items": [asdict(one) for one in items], "chosen": chosen, "words": words},
        on_pick_change=lambda: picked(str(_said(key, "pick"))),
        on_order_change=lambda: moved([str(one) for one in _said(key, "order") or ()]),
    )


def framed(page: str, title: str, height: int) -> None:
    """A whole web page in a frame that can reach neither this page nor the store of the browser."""
    _FRAME(key="report-framed", data={"page": page, "title": title, "height": height})


def _said(key: str, name: str) -> Any:
    found = st.session_state.get(key)
    return found.get(name) if isinstance(found, dict) else getattr(found, name, None)
