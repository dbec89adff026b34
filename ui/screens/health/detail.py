"""One number on both sides: the difference, how ours comes about, and the known reasons that apply."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from core.language import mark, tr
from core.metric import Unit
from services.reconciliation import kept
from services.reconciliation.compared import AGREES, BOTH, DENOMINATOR, DIFFERS, LAYERS, NONE, NUMERATOR, Compared
from services.reconciliation.reasons import AGGREGATED, COULD, EXPLAINS, NORMALISED, NOT, READ, UNKNOWN, Reason
from services.words import calendar
from ui import format, load
from ui.load import Workspace
from ui.states import boundary

_SIGNS = {AGREES: "✓", DIFFERS: "✕", NONE: "–"}
_FEW = 4
_ARISES = {
    READ: (mark("It arises in what was read."), mark("It may arise in what was read.")),
    NORMALISED: (mark("It arises in the definition."), mark("It may arise in the definition.")),
    AGGREGATED: (mark("It arises in adding up."), mark("It may arise in adding up.")),
    NUMERATOR: (mark("It arises in the numerator."), mark("It may arise in the numerator.")),
    DENOMINATOR: (mark("It arises in the denominator."), mark("It may arise in the denominator.")),
    BOTH: (mark("It arises in both parts."), mark("It may arise in both parts.")),
}
"""Layer -> that the difference arises there, or may."""
_FITS = {
    EXPLAINS: ":green[:material/check_circle:]",
    COULD: ":orange[:material/help:]",
    UNKNOWN: ":gray[:material/info:]",
    NOT: ":gray[:material/cancel:]",
}


def draw(workspace: Workspace, one: Compared) -> None:
    """One of the list: both sides, how ours comes about, and the reasons that apply."""
    stated = one.stated
    with st.container(border=True, key="panel-detail", gap="small"), boundary():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = f"{stated.title}, {stated.whose}, {calendar.words(stated.period, year=True)}"
            st.markdown(f"**{format.plain(title)}**", width="stretch")
            if st.button(tr("Remove"), key="rec_remove", type="tertiary", icon=":material/delete:"):
                kept.remove(workspace.viewer, stated.id)
                st.rerun()
        st.text(verdict(one))
        noted = format.moment(stated.made_at, workspace.time_zone, load.now())
        said = tr("Noted {when} by {person}", when=noted, person=stated.person)
        st.caption(format.plain(f"{said}: {stated.note}" if stated.note else said))
        layers(one)
        reasons(one)


def signed(verdict: str) -> str:
    """A verdict behind its sign."""
    return f"{_SIGNS[verdict]} {tr(verdict)}"


def sides(one: Compared) -> str:
    """Theirs and ours in words."""
    theirs, ours = (format.exact(number, one.unit, one.currency) for number in (one.stated.stated, one.ours))
    return tr("theirs {theirs}, ours {ours}", theirs=theirs, ours=ours)


def verdict(one: Compared) -> str:
    """Both sides, the difference, and where it arises."""
    if one.difference is None:
        return one.said
    share = f", {format.percent(one.share)}" if one.share is not None else ""
    both = sides(one)[:1].upper() + sides(one)[1:]
    differ = tr("{both_sides}; difference {difference}.", both_sides=both, difference=f"{apart(one)}{share}")
    maybe = any(reason.fits == COULD and reason.text == one.said for reason in one.reasons)
    where = tr(_ARISES[one.layer][maybe]) if one.layer else ""
    return " ".join(filter(None, (differ, where, one.said)))


def layers(one: Compared) -> None:
    """What the number is at each layer."""
    grid = st.grid(min_column_width=210, gap="small", key="rec-layers")
    for layer in one.layers:
        with grid.cell(), st.container(gap=None):
            st.caption(layer.name)
            number = format.exact(layer.number, layer.unit or one.unit, one.currency)
            st.markdown(f"**{format.plain(number)}**")
            st.caption(f":small[{format.plain(layer.text)}]")


def reasons(one: Compared) -> None:
    """The known reasons that apply: those that fit, and behind a click those that do not or cannot be worked out."""
    if not one.reasons:
        return
    st.markdown(f"**{tr('Known reasons that apply')}**")
    fitting = [reason for reason in one.reasons if reason.fits in (EXPLAINS, COULD)]
    others = one.reasons[len(fitting) :]
    for reason in fitting:
        _reason(reason)
    many = tr("{n} that do not explain it, or cannot be worked out", n=len(others))
    with st.expander(many) if len(others) > _FEW else nullcontext():
        for reason in others:
            _reason(reason)


def _reason(reason: Reason) -> None:
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        st.markdown(_FITS[reason.fits], width="content")
        with st.container(gap=None):
            st.text(reason.text)
            st.caption(f"{tr(LAYERS[reason.layer])} · {tr(reason.fits)}")


def apart(one: Compared) -> str:
    """The difference in words; of rates in points."""
    if one.unit is not Unit.RATIO or one.difference is None:
        return format.exact(one.difference, one.unit, one.currency)
    return f"{'−' if one.difference < 0 else ''}{format.points(abs(one.difference))}"
