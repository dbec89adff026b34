"""The only place that asks what time it is. Everything else takes `now` or `today` as an argument."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import BadSetting

EPOCH = date(1970, 1, 1)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for durations only."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait; tests replace it."""
    time.sleep(seconds)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone called `name`. Raises BadSetting when there is none.

    >>> zone("Europe/Berlin").key
    'Europe/Berlin'
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"There is no time zone called '{name}'.", hint="Use a name like Europe/Berlin.") from error


def local_day(moment: datetime, zone_name: str) -> date:
    """The calendar day of an aware moment in a time zone.

    >>> local_day(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Pacific/Auckland")
    datetime.date(2026, 3, 2)
    """
    return moment.astimezone(zone(zone_name)).date()


def day_end(day: date, zone_name: str) -> datetime:
    """The instant at which `day` ends in a zone: the next local midnight, in UTC (23, 24 or 25 hours after its start).

    >>> day_end(date(2026, 3, 29), "Europe/Berlin")
    datetime.datetime(2026, 3, 29, 22, 0, tzinfo=datetime.timezone.utc)
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)) + timedelta(days=1)
    return midnight.astimezone(UTC)


def day_start(day: date, zone_name: str) -> datetime:
    """The instant at which `day` begins in a zone, in UTC."""
    return day_end(day - timedelta(days=1), zone_name)


def epoch_day(day: date) -> int:
    """Days since 1970-01-01.

    >>> epoch_day(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def from_epoch_day(number: int) -> date:
    """The date that is `number` days after 1970-01-01.

    >>> from_epoch_day(1)
    datetime.date(1970, 1, 2)
    """
    return EPOCH + timedelta(days=number)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z of an aware moment.

    >>> epoch_ms(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return round(moment.timestamp() * 1000)


def from_epoch_ms(milliseconds: int) -> datetime:
    """The aware UTC moment `milliseconds` after 1970-01-01T00:00Z."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
