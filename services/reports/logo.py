"""A sender's logo: a picture that someone chose, drawn anew, without what else its file held."""

from __future__ import annotations

from io import BytesIO

from core.errors import BadSetting
from core.language import tr

MOST_BYTES = 1024 * 1024
SHORTEST, LONGEST, KEPT = 16, 6000, 1200
"""The least and most pixels of a side, and the most that are kept of it."""
_LONGEST_RATIO = 12


def checked(raw: bytes) -> bytes:
    """The picture drawn anew as PNG or JPEG, without whatever else the file held. Raises BadSetting for one too large,
    too small or too long, and for what is no such picture."""
    from PIL import Image

    if len(raw) > MOST_BYTES:
        raise BadSetting(
            tr("A logo has at most 1 MB; this file has {n}.", n=f"{len(raw) / MOST_BYTES:.1f}"),
            hint=tr("Save it smaller, or with fewer pixels."),
        )
    try:
        with Image.open(BytesIO(raw), formats=("PNG", "JPEG")) as found:
            _check_size(*found.size)
            kind = found.format or "PNG"
            found.load()
            picture = found.convert("RGB" if kind == "JPEG" else "RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadSetting(tr("This is no PNG or JPEG picture."), hint=tr("Save it as PNG, and try again.")) from error
    picture.thumbnail((KEPT, KEPT))
    out = BytesIO()
    picture.save(out, kind, **({"quality": 92} if kind == "JPEG" else {"optimize": True}))
    return out.getvalue()


def _check_size(width: int, height: int) -> None:
    if min(width, height) < SHORTEST:
        raise BadSetting(
            tr("This picture has {width} × {height} pixels: too few for a logo.", width=width, height=height),
            hint=tr("Each side needs {n} or more.", n=SHORTEST),
        )
    if max(width, height) > LONGEST:
        raise BadSetting(
            tr("This picture has {width} × {height} pixels: too many for a logo.", width=width, height=height),
            hint=tr("Each side may have {n} at most.", n=LONGEST),
        )
    if max(width, height) > _LONGEST_RATIO * min(width, height):
        raise BadSetting(
            tr("This picture is too long and thin for a logo."), hint=tr("Cut it, or leave room around it.")
        )
