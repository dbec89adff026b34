"""What was read from the file on the screen, so that a changed field does not read all of it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from core import language

T = TypeVar("T")

_KEY = "import-kept"


@dataclass(slots=True)
class _Kept:
    """What was made of one file: name -> what it was made from, and what was made."""

    file_id: str
    found: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)


def latest(file_id: str, name: str, key: Hashable, make: Callable[[], T]) -> T:
    """What was last made of this file under a name, when it was made from the same; else made now in its place. It may
    hold words, so it is made anew in another language."""
    key = (language.reader(), key)
    kept = st.session_state.get(_KEY)
    if not isinstance(kept, _Kept) or kept.file_id != file_id:
        kept = st.session_state[_KEY] = _Kept(file_id)
    if name not in kept.found or kept.found[name][0] != key:
        kept.found.pop(name, None)
        kept.found[name] = (key, make())
    found: T = kept.found[name][1]
    return found


def forget() -> None:
    """The file has left the screen."""
    st.session_state.pop(_KEY, None)
