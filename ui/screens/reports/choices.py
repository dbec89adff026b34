"""What a person chooses from in the builder, with the words for it."""

from __future__ import annotations

from collections.abc import Mapping

from core import language
from core.language import LANGUAGES, mark, tr
from core.question import Compare, Period
from core.report import Block, Layout
from services.reports import build
from services.reports.part import Part
from services.words import periods
from ui import load, of_posts
from ui.load import Workspace

CUSTOM = periods.CUSTOM
PERIODS = {**periods.TITLES, CUSTOM: mark("Custom dates")}
_WEEKDAYS = "_weekdays"
COMPARE = {
    "previous": mark("Previous period"),
    "previous_weekdays": mark("Previous, same weekdays"),
    "last_year": mark("A year earlier"),
    "last_year_weekdays": mark("A year earlier, same weekdays"),
    CUSTOM: mark("Custom comparison"),
    "": mark("No comparison"),
}


def compare_of(layout: Layout) -> str:
    """The name of what a report is compared with."""
    found = layout.compare
    if isinstance(found, Period):
        return CUSTOM
    return f"{found.value}{_WEEKDAYS if layout.match_weekday else ''}" if found else ""


def compared(name: str) -> tuple[Compare | None, bool]:
    """What a name means: the comparison, and whether by weekday."""
    return (Compare(name.removesuffix(_WEEKDAYS)) if name else None), name.endswith(_WEEKDAYS)


def symbol(part: Part | None) -> str:
    """The name of a part's Material symbol."""
    return part.icon.removeprefix(":material/").removesuffix(":") if part else "help"


def title(block: Block, parts: Mapping[str, Part]) -> str:
    """What a block is called in the list."""
    part = parts.get(block.part)
    return block.title or (tr(part.title) if part else block.part)


def about(workspace: Workspace, block: Block, parts: Mapping[str, Part]) -> str:
    """What tells a block from another of its part: its part where it has a title, its metric, its own question."""
    part, given = parts.get(block.part), block.options
    if part is None:
        return tr("Not known here")
    said = [tr(part.title)] if block.title else []
    titles = metrics(workspace)
    for one in part.options:
        if one.takes == "metric":
            name = str(given.get(one.name, one.default))
            said.append(titles.get(name, name))
        elif one.takes == "text" and given.get(one.name):
            said.append(" ".join(str(given[one.name]).split())[:60])
    if given.get("period") in periods.TITLES:
        said.append(tr(periods.TITLES[given["period"]]))
    said += [load.platform_titles().get(one, one) for one in given.get("platforms") or ()]
    return " · ".join(said)


def metrics(workspace: Workspace) -> dict[str, str]:
    """Every metric: name -> title, the team's own last."""
    return {**{one.name: one.title for one in load.glossary_entries()}, **load.own_titles(workspace)}


def platforms(workspace: Workspace, chosen: tuple[str, ...]) -> list[str]:
    """The platforms to choose from: those that are read, and what was chosen before."""
    return list(dict.fromkeys([*(one.platform for one in load.accounts(workspace)), *chosen]))


def accounts(workspace: Workspace, chosen: tuple[int, ...]) -> dict[int, str]:
    """The accounts to choose from, id -> title; one that is gone keeps its place until it is taken out."""
    known = {one.id: one.title for one in load.accounts(workspace)}
    return {**known, **{one: tr("a removed account") for one in chosen if one not in known}}


def kinds(workspace: Workspace, chosen: tuple[str, ...]) -> dict[str, str]:
    """The kinds of posts, name -> words."""
    return {one: of_posts.kind(one) for one in (*load.posts_used(workspace).kinds, *chosen)}


def tags(workspace: Workspace, chosen: tuple[str, ...]) -> dict[str, str]:
    """The tags of posts, name -> words."""
    return {one: of_posts.tag(one) for one in (*load.posts_used(workspace).tags, *chosen)}


def languages() -> dict[str, str]:
    """The languages a report can be in, code -> name."""
    return {code: LANGUAGES[code].name for code in language.spoken()}


def parts() -> dict[str, Part]:
    """What a block can show."""
    return build.parts()
