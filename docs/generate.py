"""Write the reference pages from the code: `python -m docs.generate`. A contract test fails when they are stale."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from analytics.metrics.registry import DIMENSIONS, METRICS
from api.app import create
from connectors.base import ApiVersion, Connector
from core import config, errors
from core.errors import AppError
from core.metric import Metric, Source
from core.registry import discover

FOLDER = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """File name -> Markdown text of every generated page."""
    return {
        "metrics.md": metrics_page(),
        "connectors.md": connectors_page(),
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "api.md": api_page(),
    }


def metrics_page() -> str:
    """Every metric: what it is, how it adds up, where it comes from."""
    parts = [_head("Metrics", f"{len(METRICS)} metrics and {len(DIMENSIONS)} dimensions.")]
    parts += [_metric(metric) for metric in METRICS.values()]
    rows = [f"| {dimension.id} | `{dimension.name}` | {dimension.title} |" for dimension in DIMENSIONS.values()]
    parts.append("## Dimensions\n\n| id | name | title |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _metric(metric: Metric) -> str:
    formula = _formula(metric)
    lines = [
        f"## {metric.title} (`{metric.name}`)",
        metric.definition,
        f"id {metric.id} · {metric.unit.value} · {metric.adds.value} · good is {metric.direction.value}"
        + (f" · {formula}" if formula else ""),
    ]
    if metric.sources:
        rows = "\n".join(_source(source) for source in metric.sources)
        lines.append("| platform | field | from | to | note |\n|---|---|---|---|---|\n" + rows)
    return "\n\n".join(lines)


def _formula(metric: Metric) -> str:
    if metric.numerator:
        return f"Σ {metric.numerator} / Σ {metric.denominator}"
    return " + ".join(metric.terms)


def _source(source: Source) -> str:
    dates = f"{source.valid_from or ''} | {source.valid_to or ''}"
    changes = [f"Since {day} {change}." for day, change in source.redefined]
    return f"| {source.platform} | `{source.field}` | {dates} | {' '.join([source.note, *changes]).strip()} |"


def connectors_page() -> str:
    """Every connector: what it reads, how far back, how often, and which permissions it asks for."""
    parts = [_head("Connectors", "What each connector reads, and with which permissions.")]
    for connector in discover("connectors", "CONNECTOR", Connector).values():
        scopes = "\n".join(f"| `{scope.name}` | {scope.why} |" for scope in connector.auth.scopes)
        streams = "\n".join(
            f"| {stream.title} | {', '.join(stream.metrics)} | {_reach(stream.windowed, stream.history_days)} "
            f"| {stream.lookback_days if stream.windowed else ''} |"
            for stream in connector.streams
        )
        parts.append(
            f"## {connector.title}\n\n{connector.brings}\n\n"
            f"API {_version(connector.api_version)} · every {connector.every}\n\n"
            f"| permission | why |\n|---|---|\n{scopes}\n\n"
            f"| stream | metrics | history (days) | read again (days) |\n|---|---|---|---|\n{streams}"
        )
    return "\n\n".join(parts) + "\n"


def _version(version: ApiVersion) -> str:
    return f"{version.name} (until {version.ends})" if version.ends else f"{version.name} (no end announced)"


def _reach(windowed: bool, days: int) -> str:
    return str(days) if windowed else "from now on"


def settings_page() -> str:
    """Every setting with its default."""
    rows = [
        f"| `{setting.name}` | {setting.default or '(empty)'} | {'also as `_FILE`' if setting.secret else ''} "
        f"| {setting.help} |"
        for setting in config.SETTINGS
    ]
    table = "| name | default | secret | what it does |\n|---|---|---|---|\n" + "\n".join(rows)
    return _head("Settings", "All configuration is by environment variables.") + "\n\n" + table + "\n"


def errors_page() -> str:
    """Every error with its recovery."""
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, AppError) and kind is not AppError
    ]
    rows = [
        f"| `{kind.code}` | {kind.recovery.value} | {inspect.cleandoc(kind.__doc__ or '').splitlines()[0]} |"
        for kind in sorted(kinds, key=lambda kind: (kind.recovery, kind.code))
    ]
    table = "| code | recovery | means |\n|---|---|---|\n" + "\n".join(rows)
    return _head("Errors", "Grouped by what to do next.") + "\n\n" + table + "\n"


def api_page() -> str:
    """Every route with its parameters."""
    parts = [_head("API", "The OpenAPI description is served at `/api/openapi.json`.")]
    for path, methods in create().openapi()["paths"].items():
        for method, about in methods.items():
            rows = [
                f"| `{parameter['name']}` | {parameter.get('description', '')} |"
                for parameter in about.get("parameters", [])
            ]
            table = "\n\n| parameter | what it is |\n|---|---|\n" + "\n".join(rows) if rows else ""
            parts.append(f"## {method.upper()} {path}\n\n{about.get('description', about['summary'])}{table}")
    return "\n\n".join(parts) + "\n"


def _head(title: str, text: str) -> str:
    return f"# {title}\n\n{text} Generated by `make docs`; do not edit."


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}", file=sys.stdout)
