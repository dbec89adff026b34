"""What is happening right now? Today so far, the last 24 hours, and the newest posts against what is usual.

Today's numbers come out of `ask`, as every daily number does (`today`); hours and speeds are differences of readings,
which no daily number holds (`hours`, `newest`). `scene` is what they are read for, `answer` puts them together.
"""

from services.pulse.answer import pulse
from services.pulse.shapes import Fresh, Pulse, PulseCard, PulsePost, Speed, UsualDay
from services.pulse.today import usual_day

__all__ = ["Fresh", "Pulse", "PulseCard", "PulsePost", "Speed", "UsualDay", "pulse", "usual_day"]
