"""What tests of connectors share."""

from collections.abc import Iterator

import pytest

from tests.connectors.desk import Desk, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A platform that gives the answers the test lays out."""
    with open_desk() as opened:
        yield opened
