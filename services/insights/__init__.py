"""What is worth knowing? Computed facts of a period, told as ranked findings with their evidence and what to do.

`answers` finds what changed and how the audience grows, `published` the post that stands out, `sources` what fails, and
`studied` what the kept studies say: unusual days, times, hashtags, what moves a post, where followers are heading.
`analytics.insights.write` turns all of it into sentences: it drops what is too small or not sure enough.
"""

from analytics.insights import Category
from analytics.insights import Insight as Finding
from services.insights.found import Material, headline, worth_knowing

__all__ = ["Category", "Finding", "Material", "headline", "worth_knowing"]
