"""What every contract test looks at: the project's own source files."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "core",
    "alerts",
    "analytics",
    "charts",
    "reports",
    "services",
    "storage",
    "connectors",
    "sandbox",
    "scheduler",
    "ui",
    "api",
)


@cache
def sources(*rooms: str) -> tuple[Path, ...]:
    """Python files of the rooms (all by default), without migrations."""
    found = [path for room in rooms or (*ROOMS, "pages") for path in sorted((ROOT / room).rglob("*.py"))]
    return tuple(path for path in found if "versions" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """The path as a reader knows it."""
    return str(path.relative_to(ROOT))
