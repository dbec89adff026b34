"""A post from the cells of its row, known by the id or the address under which a connection knows it, too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime

from core.records import Post
from services.imports import headings
from storage import same_post

Cell = Callable[[str], str]
"""What a row says of a meaning; empty when nothing."""

KINDS = {
    "photo": "image", "photos": "image", "image": "image", "ig image": "image", "foto": "image", "fotos": "image",
    "bild": "image", "bilder": "image", "ig bild": "image", "ig foto": "image", "ig photo": "image",
    "video": "video", "videos": "video", "vidéo": "video", "vidéos": "video", "ig video": "video",
    "carousel": "carousel", "carousel album": "carousel", "ig carousel": "carousel", "karussell": "carousel",
    "ig karussell": "carousel", "carrousel": "carousel", "ig carrousel": "carousel", "album": "carousel",
    "reel": "reel", "reels": "reel", "ig reel": "reel", "story": "story", "stories": "story", "ig story": "story",
    "short": "short", "shorts": "short", "tweet": "tweet", "document": "document", "dokument": "document",
    "article": "article", "artikel": "article", "poll": "poll", "umfrage": "poll", "sondage": "poll",
    "status": "post", "link": "post", "links": "post", "lien": "post", "liens": "post", "text": "post",
    "texte": "post", "statut": "post", "post": "post",
}  # fmt: skip
"""What exports call a kind of post, in plain form -> the kind."""

_LOST_DIGITS = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def describe(cell: Cell, moment: datetime, row: tuple[str, ...], platform: str | None, usual_kind: str) -> Post:
    """The post of a row. `usual_kind` is what it is where the row does not say."""
    text, link = text_of(cell), cell(headings.LINK)
    tags = cell(headings.TAGS) or text
    return Post(
        external_id=own_id(cell, platform) or _made_id(row, moment, text, link),
        kind=KINDS.get(headings.plain(cell(headings.KIND)), usual_kind),
        published_at=moment,
        text=text,
        permalink=link if re.match(r"https?://", link) else "",
        thumbnail_url=cell(headings.THUMBNAIL),
        duration_s=seconds(cell(headings.DURATION)),
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", tags))),
        language=cell(headings.LANGUAGE),
    )


def text_of(cell: Cell) -> str:
    """The text of a post, else its title."""
    return cell(headings.TEXT) or cell(headings.TITLE)


def own_id(cell: Cell, platform: str | None) -> str:
    """The platform's id of a post as its interface gives it: from the column of ids, else from the address.

    An id that a spreadsheet has rounded is none: posts would fall together. Facebook puts the page's id before it.
    """
    named = cell(headings.POST_ID)
    if not named or has_lost_digits(named):
        return same_post.id_in(cell(headings.LINK))
    page = cell(headings.ACCOUNT_ID)
    is_half = platform == "facebook" and named.isdecimal() and page.isdecimal()
    return f"{page}_{named}" if is_half else named


def has_lost_digits(named: str) -> bool:
    """Whether a spreadsheet has written an id in short.

    >>> has_lost_digits("1.79E+16"), has_lost_digits("17900000000000001")
    (True, False)
    """
    return _LOST_DIGITS.fullmatch(named) is not None


def seconds(cell: str) -> float | None:
    """A length in seconds, written so or as a clock shows it; None when it is none.

    >>> seconds("83"), seconds("1:23"), seconds("1:00:05"), seconds("long")
    (83.0, 83.0, 3605.0, None)
    """
    if re.fullmatch(r"[0-9]+([.][0-9]+)?", cell):
        return float(cell)
    match = _CLOCK.fullmatch(cell)
    return float(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])) if match else None


def _made_id(row: tuple[str, ...], moment: datetime, text: str, link: str) -> str:
    """An id for a post that has none: from its link, else its moment and text, else the whole row."""
    about = link or (f"{moment.isoformat()}|{text}" if text else "|".join(row))
    return same_post.MADE_UP + hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:20]
