"""Formulas over metrics, as a team writes them: names, numbers, + - * / and brackets. Nothing else is understood."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from core.errors import BadQuestion
from core.language import tr

LONGEST = 300
DEEPEST = 30
"""So many steps inside each other are understood."""

_SIGNS: Mapping[type[ast.operator], tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", lambda a, b: a + b),
    ast.Sub: ("−", lambda a, b: a - b),
    ast.Mult: ("×", lambda a, b: a * b),
    ast.Div: ("÷", lambda a, b: a / b if b else math.nan),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was understood. `names` are the metrics in it, in reading order, each once."""

    text: str
    names: tuple[str, ...]

    def value(self, values: Mapping[str, float]) -> float:
        """What it comes to; NaN where an ingredient is unknown or something is divided by 0. Never raises."""
        found = _value(_tree(self.text), values)
        return found if math.isfinite(found) else math.nan

    def zero_divisor(self, values: Mapping[str, float]) -> bool:
        """Whether all ingredients are known and there is no value because something is divided by 0."""
        return all(math.isfinite(values.get(name, math.nan)) for name in self.names) and math.isnan(self.value(values))

    def words(self, titles: Mapping[str, str]) -> str:
        """The formula with the metrics' titles.

        >>> parse("(likes + 2*shares) / views", ["likes", "shares", "views"]).words({"likes": "Likes"})
        '(Likes + 2 × shares) ÷ views'
        """
        return _words(_tree(self.text).body, titles, outer=0)


def parse(text: str, known: Collection[str]) -> Formula:
    """Understand a formula.

    Commonly got wrong elsewhere: a rate of rates is averaged. Here a formula is worked out anew from the sums of its
    ingredients at every level - day, row, total - so that "shares / views" of a month is all shares over all views.

    Parameters
    ----------
    text : str
        Such as "(likes + 2 * shares) / views".
    known : collection of str
        Names of metrics that may stand in it.

    Returns
    -------
    Formula

    Raises
    ------
    BadQuestion
        In one line that says what is not understood: an unknown name, a power, a call, nothing at all.

    Notes
    -----
    Parsed by Python's own grammar and then held against a list of what is allowed; nothing is ever executed.

    References
    ----------
    Ours.

    Examples
    --------
    >>> made = parse("(likes + 2*shares) / views", ["likes", "shares", "views"])
    >>> made.names, made.value({"likes": 10, "shares": 5, "views": 200})
    (('likes', 'shares', 'views'), 0.1)
    >>> made.value({"likes": 10, "shares": 5, "views": 0})
    nan
    """
    if not text.strip():
        raise BadQuestion(tr("The formula is empty."), hint=tr("Write one such as (likes + shares) / views."))
    if len(text) > LONGEST:
        raise BadQuestion(tr("The formula is longer than {n} signs.", n=LONGEST), hint=tr("Split it into two metrics."))
    written = " ".join(text.replace("×", "*").replace("÷", "/").replace("−", "-").split())
    names: dict[str, None] = {}
    _check(_tree(written).body, known, names, 0)
    if not names:
        raise BadQuestion(
            tr("The formula has no metric in it."), hint=tr("Write one such as (likes + shares) / views.")
        )
    return Formula(written, tuple(names))


@lru_cache(maxsize=500)
def _tree(text: str) -> ast.Expression:
    try:
        return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadQuestion(
            tr("The formula cannot be read."), hint=tr("Check its brackets and signs: (likes + shares) / views.")
        ) from None


def _check(node: ast.expr, known: Collection[str], names: dict[str, None], depth: int) -> None:
    if depth > DEEPEST:
        raise BadQuestion(
            tr("The formula has too many steps inside each other."), hint=tr("Split it into two metrics.")
        )
    match node:
        case ast.Name(id=name):
            if name not in known:
                raise BadQuestion(tr("There is no metric called '{name}'.", name=name), hint=_near(name, known))
            names[name] = None
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and math.isfinite(value):
            pass
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            _check(left, known, names, depth + 1)
            _check(right, known, names, depth + 1)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            _check(inner, known, names, depth + 1)
        case _:
            raise BadQuestion(
                tr("'{part}' is not understood.", part=ast.unparse(node)[:60]),
                hint=tr("Use names of metrics, numbers, + - * / and brackets."),
            )


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.lower(), list(known), 3, 0.5)
    if not near:
        return tr("The glossary lists all names.")
    return tr("Did you mean {names}?", names=f" {tr('or')} ".join(near))


def _value(node: ast.expr | ast.Expression, values: Mapping[str, float]) -> float:
    match node:
        case ast.Expression(body=body):
            return _value(body, values)
        case ast.Name(id=name):
            return float(values.get(name, math.nan))
        case ast.Constant(value=value):
            return float(str(value))
        case ast.UnaryOp(operand=inner):
            return -_value(inner, values)
        case ast.BinOp(left=left, op=sign, right=right):
            try:
                return _SIGNS[type(sign)][1](_value(left, values), _value(right, values))
            except OverflowError:
                return math.nan
    return math.nan


def _words(node: ast.expr, titles: Mapping[str, str], outer: int) -> str:
    match node:
        case ast.Name(id=name):
            return titles.get(name, name)
        case ast.UnaryOp(operand=inner):
            return f"−{_words(inner, titles, 3)}"
        case ast.BinOp(left=left, op=sign, right=right):
            rank = 2 if isinstance(sign, ast.Mult | ast.Div) else 1
            tight = rank + (1 if isinstance(sign, ast.Sub | ast.Div) else 0)
            said = f"{_words(left, titles, rank)} {_SIGNS[type(sign)][0]} {_words(right, titles, tight)}"
            return f"({said})" if rank < outer else said
        case _:
            return ast.unparse(node)
