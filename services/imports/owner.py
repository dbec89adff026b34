"""Whose numbers a file holds, as far as it says: by columns, or by the addresses of its posts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.imports import headings
from services.imports.mapping import Plan
from services.imports.table import Table
from storage.entities import AccountRow

_HANDLE = re.compile(r"(?:(?:x|twitter)\.com/(\w+)/status|tiktok\.com/@([\w.]+)/)")
_NOBODY = frozenset({"i", "web"})
"""Words that stand in addresses of X in place of a handle."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The account a file names; what it does not say is empty."""

    name: str = ""
    handle: str = ""
    external_id: str = ""

    @property
    def title(self) -> str:
        """What to call it."""
        return self.name or self.handle


def named_in(plan: Plan, table: Table) -> Whose:
    """The account that most rows name; of the chosen one where there are several."""
    said = {
        meaning: _commonest(plan, table, meaning)
        for meaning in (headings.ACCOUNT, headings.HANDLE, headings.ACCOUNT_ID)
    }
    handle = said[headings.HANDLE] or _in_links(plan, table)
    number = said[headings.ACCOUNT_ID]
    return Whose(said[headings.ACCOUNT], handle.removeprefix("@"), number if number.isdecimal() else "")


def among(named: Whose, accounts: Sequence[AccountRow]) -> int | None:
    """The stored account that a file names: by its id, else its handle, else its name; None when that is not one."""
    by_id = [row.id for row in accounts if named.external_id and row.external_id == named.external_id]
    by_handle = [row.id for row in accounts if named.handle and _plain(row.handle) == _plain(named.handle)]
    by_name = [
        row.id for row in accounts if named.title and _plain(named.title) in (_plain(row.name), _plain(row.handle))
    ]
    return next((found[0] for found in (by_id, by_handle, by_name) if len(found) == 1), None)


def _plain(name: str) -> str:
    return "".join(name.split()).removeprefix("@").casefold()


def _cells(plan: Plan, table: Table, meaning: str) -> list[str]:
    at, account = plan.index_of(meaning), plan.index_of(headings.ACCOUNT)
    if at is None:
        return []
    rows = (row for row in table.rows if not plan.account or account is None or row[account].strip() == plan.account)
    return [cell for row in rows if (cell := row[at].strip())]


def _commonest(plan: Plan, table: Table, meaning: str) -> str:
    found = Counter(_cells(plan, table, meaning)).most_common(1)
    return found[0][0] if found else ""


def _in_links(plan: Plan, table: Table) -> str:
    found = (_HANDLE.search(cell) for cell in _cells(plan, table, headings.LINK))
    handles = Counter(match[1] or match[2] for match in found if match)
    known = [handle for handle, _ in handles.most_common() if handle not in _NOBODY]
    return known[0] if known else ""
