"""What is this post, how did it grow, and how does it stand? One post with everything that is known of it.

`detail` puts it together out of `content.posts` (its numbers and those of its peers), `standing` (ranks and lineage)
and `related`; `growth` is its curve against the usual one, and `said` what people write under it.
"""

from services.post_detail.detail import find, parse
from services.post_detail.growth import SPANS, growth, span
from services.post_detail.said import said
from services.post_detail.shapes import Detail, Growth, Neighbour, Post, Related, Said, Standing

__all__ = [
    "SPANS", "Detail", "Growth", "Neighbour", "Post", "Related", "Said", "Standing", "find", "growth", "parse", "said",
    "span",
]  # fmt: skip
