"""Where a file goes, what it would change there, and the button that stores it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd
import streamlit as st

from core import clock
from core.language import figure, mark, tr, trn
from core.metric import Adds, Unit
from core.question import Period
from services import catalogue
from services.imports import change, commit
from services.imports.change import Change, MetricChange
from services.imports.commit import Destination, Preview
from services.imports.mapping import Kind
from services.imports.owner import Whose
from services.team import workspaces
from services.words import calendar
from ui import format, tables
from ui.load import Workspace
from ui.screens import settings_choices
from ui.screens.importing import preview

_NEW_ACCOUNT = 0
_KEEP, _REPLACE = mark("Keep what is stored"), mark("Take what the file says")

_POSTS_NOTE = mark(
    "Posts bring what they have gathered in all, shown under Top posts. Curves by day need a file of daily numbers, or "
    "a connection."
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What was just stored, in words, and the days it is about."""

    workspace_id: int
    what: str
    where: str
    first: date
    last: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one file."""

    workspace: Workspace
    shown: Preview
    file_id: str

    def key(self, name: str) -> str:
        """The key of a field."""
        return f"import-{name}-{self.file_id}"


def draw(workspace: Workspace, shown: Preview, file_id: str) -> Stored | None:
    """The fields, the change and the button; answers what was stored when it was pressed. Raises as `commit` does."""
    fields = _Fields(workspace, shown, file_id)
    if not shown.can_commit:
        st.info(tr("There is nothing to store yet. The problems above say why."), icon=":material/info:")
        return None
    st.subheader(tr("Where it goes"), anchor=False)
    is_known = _earlier(fields)
    into, name, missing = _destination(fields)
    missing += _unanswered(shown)
    is_nothing = False
    if into is not None:
        into, undecided, is_nothing = _change(fields, into)
        missing += undecided
    if is_known and not is_nothing and not st.checkbox(tr("Import this file again"), key=fields.key("again")):
        missing.append(tr("whether to import this file again"))
    if missing:
        st.caption(f":material/edit: {tr('Still open: {questions}.', questions=', '.join(missing))}")
    ready = into is not None and not missing and not is_nothing
    label = tr("Store {rows}", rows=preview.noun(shown, shown.parsed.rows_taken))
    if not st.button(label, type="primary", disabled=not ready, icon=":material/save:", key=fields.key("store")):
        return None
    if into is None:
        return None
    with st.spinner(tr("Storing")):
        commit.commit(workspace.viewer, shown, into)
    return _stored(fields, into, name)


def _unanswered(shown: Preview) -> list[str]:
    """What only a person can say about the file."""
    asked = {
        tr("how dates are written"): shown.plan.date_order is None,
        tr("how numbers are written"): shown.plan.decimal_comma is None,
        tr("which account's rows to take"): shown.plan.account == "",
    }
    return [words for words, is_open in asked.items() if is_open]


def _destination(fields: _Fields) -> tuple[Destination | None, str, list[str]]:
    """Platform and account; the account's name; what is still open."""
    titles = catalogue.platform_titles()
    known = list(titles)
    guess = fields.shown.plan.platform
    grid = st.grid(3, min_column_width=220, gap="small")
    with grid.cell():
        platform = st.selectbox(
            tr("Platform"),
            known,
            known.index(guess) if guess in known else None,
            titles.__getitem__,
            key=fields.key(f"platform-{guess}"),
            placeholder=tr("Choose a platform"),
        )
    if platform is None:
        return None, "", [tr("the platform")]
    names = {
        one.id: one.name or one.handle
        for one in catalogue.accounts(fields.workspace.viewer)
        if one.platform == platform
    }
    options = {_NEW_ACCOUNT: tr("A new account")} | names
    named, stored = commit.whose(fields.workspace.viewer, fields.shown, platform)
    with grid.cell():
        account = st.selectbox(
            tr("Account"),
            list(options),
            _account_index(list(options), stored, named),
            options.__getitem__,
            key=fields.key(f"account-{platform}-{len(options)}-{stored}"),
            placeholder=tr("Choose an account"),
            help=format.plain(tr("The file names {account}.", account=named.title)) if named.title else None,
        )
    if account is None:
        return None, "", [tr("the account")]
    if account != _NEW_ACCOUNT:
        return Destination(platform, account, as_of=_exported(fields, grid)), names[account], []
    return _new_account(fields, grid, platform, named)


def _account_index(options: list[int], stored: int | None, named: Whose) -> int | None:
    """Which account stands there at first: the one the file names; without a name the only one there is."""
    if stored is not None:
        return options.index(stored)
    if len(options) == 1:
        return 0
    return 1 if len(options) == 2 and not named.title else None


def _new_account(
    fields: _Fields, grid: object, platform: str, named: Whose
) -> tuple[Destination | None, str, list[str]]:
    title = fields.shown.plan.account or named.title
    with grid.cell():  # type: ignore[attr-defined]
        typed = st.text_input(
            tr("Name of the account"),
            title,
            key=fields.key(f"name-{platform}"),
            placeholder=tr("Such as Northwind Coffee"),
            max_chars=80,
        )
    name = " ".join(typed.split())
    currency, as_of = _currency(fields, grid), _exported(fields, grid)
    if not name:
        return None, "", [tr("the name of the account")]
    is_named = name == title
    number, handle = (named.external_id, named.handle) if is_named else ("", "")
    known = commit.account_named(fields.workspace.viewer, platform, name, number)
    return Destination(platform, known, name, currency, as_of=as_of, external_id=number, handle=handle), name, []


def _currency(fields: _Fields, grid: object) -> str:
    """The currency of a new account, asked only when the file holds money."""
    units = catalogue.metric_units()
    if not any(units[name] is Unit.MONEY for name in fields.shown.plan.metrics):
        return ""
    known = list(workspaces.CURRENCIES)
    found = fields.shown.plan.found
    own = (found.currency if found else "") or fields.workspace.currency
    with grid.cell():  # type: ignore[attr-defined]
        chosen = st.selectbox(
            tr("Money is in"),
            known,
            known.index(own) if own in known else None,
            settings_choices.currency_words,
            key=fields.key("currency"),
        )
    return chosen or ""


def _exported(fields: _Fields, grid: object) -> date | None:
    """The day the counters of posts stood as the file says."""
    parsed = fields.shown.parsed
    if not parsed.posts:
        return None
    zone = fields.shown.plan.time_zone
    today = clock.local_day(clock.utc_now(), zone)
    newest = clock.local_day(max(post.published_at for post in parsed.posts), zone)
    with grid.cell():  # type: ignore[attr-defined]
        chosen = st.date_input(
            tr("Exported on"),
            today,
            min_value=min(newest, today),
            max_value=today,
            key=fields.key(f"exported-{newest}"),
            format=format.picker_pattern(),
            help=tr("The counters of posts stood so on this day. What was read later stays as it is."),
        )
    return chosen if isinstance(chosen, date) else today


def _earlier(fields: _Fields) -> bool:
    """Say when this very file was imported before; answers whether it was."""
    earlier = commit.earlier(fields.workspace.viewer, fields.shown.table)
    if not earlier:
        return False
    one, titles = earlier[0], catalogue.platform_titles()
    when = format.moment(one.imported_at, fields.workspace.time_zone, clock.utc_now())
    said = trn(
        "This very file was imported {when} into {account} ({platform}): {n} rows.",
        "This very file was imported {when} into {account} ({platform}): {n} rows.",
        one.rows,
        when=when,
        account=one.account or tr("an account that was removed"),
        platform=titles.get(one.platform, one.platform),
    )
    st.warning(format.plain(said), icon=":material/content_copy:")
    return True


def _change(fields: _Fields, into: Destination) -> tuple[Destination, list[str], bool]:
    """What would change; answers the destination with a person's choice, what is open, and whether nothing changes."""
    shown, viewer = fields.shown, fields.workspace.viewer
    read_at = change.reading_moment(into.as_of, shown.plan.time_zone, clock.utc_now())
    found = change.of(viewer, shown.parsed, into.account_id, read_at=read_at)
    undecided: list[str] = []
    if shown.plan.kind is Kind.DAILY and found.differing:
        choice = st.radio(
            trn(
                "{n} value is stored otherwise than the file says",
                "{n} values are stored otherwise than the file says",
                found.differing,
            ),
            (_KEEP, _REPLACE),
            index=None,
            format_func=tr,
            key=fields.key(f"keep-{into.account_id}"),
            horizontal=True,
        )
        undecided = [] if choice else [tr("what to do with values that are stored otherwise")]
        into = replace(into, keep_stored=choice == _KEEP)
        found = change.of(viewer, shown.parsed, into.account_id, keep_stored=into.keep_stored, read_at=read_at)
    if found.lower:
        lower = trn(
            "{n} counter of a post is lower in the file than stored.",
            "{n} counters of posts are lower in the file than stored.",
            found.lower,
        )
        why = tr("The file may hold the numbers of a period only; then export again for the whole life of the posts.")
        st.warning(f"{lower} {why}", icon=":material/trending_down:")
    _totals(fields, found)
    if found.is_nothing:
        left, stored = tr("So nothing is left to store."), tr("Everything in this file is stored already.")
        st.info(left if found.differing else stored, icon=":material/done_all:")
    return into, undecided, found.is_nothing


def _totals(fields: _Fields, found: Change) -> None:
    """Totals per metric over the posts or days of the file, to compare with the platform's own."""
    kind = fields.shown.plan.kind
    table = pd.DataFrame([_total_row(one, kind) for one in found.metrics])
    if kind is Kind.POSTS:
        st.caption(tr("Totals over the posts of this file: what it says, what is stored now, and what will be."))
    else:
        st.caption(tr("Totals over the days of this file: what it says, what is stored now, and what will be."))
    numbers = {
        name: st.column_config.NumberColumn(format="localized")
        for name in ("In the file", "Stored now", "Afterwards", "New", "Changed", "Same", "Kept")
    }
    with st.container(key="wide-import-totals"):
        shown = table.drop(columns=[name for name in ("Kept",) if not table[name].any()])
        shown, numbers = tables.told(shown, numbers)
        st.dataframe(
            shown,
            hide_index=True,
            height="content",
            row_height=36,
            column_config=numbers,
            placeholder="–",
            alt=tr("Totals per metric before and after the import"),
        )
    with st.container(key="narrow-import-totals", gap="xsmall"):
        for one in found.metrics:
            st.caption(format.plain(_total_words(one, kind)))


def _total_row(one: MetricChange, kind: Kind) -> dict[str, object]:
    return {
        "Metric": tr(one.metric.title),
        "In the file": one.file,
        "Stored now": one.before,
        "Afterwards": one.after,
        "Total is": _how(one, kind),
        "New": one.new,
        "Changed": one.changed,
        "Same": one.same,
        "Kept": one.kept,
    }


def _how(one: MetricChange, kind: Kind) -> str:
    """What the total of a metric is."""
    if one.metric.adds is Adds.FLOW:
        if kind is Kind.POSTS:
            return trn("sum of {n} post", "sum of {n} posts", one.values)
        return trn("sum of {n} day", "sum of {n} days", one.values)
    if one.last_day:
        return tr("on {day}", day=calendar.day_words(one.last_day, year=True))
    return tr("none: people are never summed")


def _total_words(one: MetricChange, kind: Kind) -> str:
    unit, title = one.metric.unit, tr(one.metric.title)
    new, changed, same, stays = (figure(f"{n:,}") for n in (one.new, one.changed, one.same, one.kept))
    counts = tr("{new} new, {changed} changed, {same} same", new=new, changed=changed, same=same)
    if one.kept:
        counts += f", {tr('{n} kept', n=stays)}"
    if one.file is None:
        return f"{title}: {counts} ({_how(one, kind)})"
    sums = [
        tr("{number} in the file", number=format.exact(one.file, unit)),
        tr("nothing stored now")
        if one.before is None
        else tr("{number} stored now", number=format.exact(one.before, unit)),
    ]
    if one.after is not None and one.after != one.file:
        sums.append(tr("{number} afterwards", number=format.exact(one.after, unit)))
    return f"{title}: {', '.join(sums)}; {counts}"


def _stored(fields: _Fields, into: Destination, name: str) -> Stored:
    shown, titles = fields.shown, catalogue.platform_titles()
    days = _days(shown)
    about = {"platform": titles[into.platform], "period": calendar.words(Period(*days), year=True)}
    return Stored(
        fields.workspace.id,
        tr("{rows} stored", rows=preview.noun(shown, shown.parsed.rows_taken)),
        tr("in {account} ({platform}), {period}", account=name, **about),
        days[0],
        days[1],
        tr(_POSTS_NOTE) if shown.parsed.posts else "",
    )


def _days(shown: Preview) -> tuple[date, date]:
    """First and last day the file is about."""
    zone = shown.plan.time_zone
    moments: list[datetime] = [post.published_at for post in shown.parsed.posts]
    days = [clock.local_day(moment, zone) for moment in moments] or [fact.day for fact in shown.parsed.facts]
    return min(days), max(days)
