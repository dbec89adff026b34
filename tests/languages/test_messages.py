"""Every sentence of the code exists in every language, with the same places for values and the same marks."""

import ast
import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from core.language import ENGLISH, FOLDER, LANGUAGES
from languages import update

OTHERS = [code for code in LANGUAGES if code != ENGLISH.code]
MARKS = re.compile(r":material/\w+:|:[a-z]+(?:-badge|-background)?\[|\*\*|`|\]\(|\n")


@pytest.fixture(scope="module")
def said():
    return update.collect()


def catalogue(code):
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(message):
    """(English, translated) for every form of a message."""
    if isinstance(message.id, tuple):
        return [(message.id[min(at, 1)], text) for at, text in enumerate(message.string)]
    return [(message.id, message.string)]


def calls():
    """Every call of tr and trn with its place, and whether it runs when the module is imported."""
    for room in update.ROOMS:
        for path in sorted((update.PROJECT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inside = {
                id(node)
                for made in ast.walk(tree)
                if isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                for body in (made.body if isinstance(made.body, list) else [made.body])
                for node in ast.walk(body)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "trn"):
                    yield f"{path.relative_to(update.PROJECT)}:{node.lineno}", node, id(node) in inside


def test_it_gives_each_message_the_values_it_has_places_for():
    wrong = []
    for where, node, _ in calls():
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        given = {one.arg for one in node.keywords}
        counts = {"n"} if node.func.id == "trn" else set()
        if texts and given and None not in given and given - counts != set().union(*map(places, texts)) - counts:
            wrong.append(where)
    assert wrong == []


def test_it_says_nothing_while_modules_are_imported():
    assert [where for where, _, inside in calls() if not inside] == []


def test_it_never_builds_a_message_from_parts():
    texts = [(where, node.args[: 1 + (node.func.id == "trn")]) for where, node, _ in calls()]
    assert [where for where, some in texts if any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in some)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_it_leaves_nothing_in_english(code, said):
    kept = catalogue(code)
    told = {one.id for one in kept if one.id}
    assert sorted(map(str, {one.id for one in said if one.id} - told)) == [], "run make messages"
    assert sorted(map(str, told - {one.id for one in said if one.id})) == [], "run make messages"
    assert update.missing(kept) == []


@pytest.mark.parametrize("code", OTHERS)
def test_it_keeps_values_marks_and_spaces(code):
    wrong = []
    for message in catalogue(code):
        for source, text in forms(message) if message.id else []:
            same_places = places(source) == places(text) or (
                isinstance(message.id, tuple) and places(source) | {"n"} == places(text) | {"n"}
            )
            same_marks = sorted(MARKS.findall(source)) == sorted(MARKS.findall(text))
            same_ends = (source[:1].isspace(), source[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace())
            if not (same_places and same_marks and same_ends):
                wrong.append((source, text))
    assert wrong == []
