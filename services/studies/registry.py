"""Every kind of study, by name."""

from __future__ import annotations

from services.studies import forecasts, posting, unusual
from services.studies.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (forecasts.KIND, unusual.KIND, posting.TIMING, posting.TAGS, posting.OUTCOME)
}
