"""What holds for every plugin: it is found, it is tested, its metrics are registered, its sandbox stands ready."""

import json

import pytest

from analytics.metrics.registry import METRICS
from connectors.base import Connector
from core.registry import discover
from sandbox.server import Platform
from tests.contracts.project import ROOT

CONNECTORS = discover("connectors", "CONNECTOR", Connector)
SANDBOX = discover("sandbox", "PLATFORM", Platform)


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_names_the_file_after_the_platform(name):
    assert CONNECTORS[name].platform == name


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_gives_every_connector_a_test_and_a_sandbox(name):
    assert (ROOT / "tests" / "connectors" / f"test_{name}.py").exists()
    assert (ROOT / "tests" / "sandbox" / f"test_{name}.py").exists()
    assert name in SANDBOX


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_registers_every_metric_a_stream_yields(name):
    for stream in CONNECTORS[name].streams:
        for metric in stream.metrics:
            assert metric in METRICS, f"{name}/{stream.name}: {metric} is not registered"
            assert name in METRICS[metric].platforms, f"{metric} does not list {name} as a source"
            assert not METRICS[metric].derived, f"{name}/{stream.name} stores the derived {metric}"


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_asks_only_to_read(name):
    """The list of permissions is pinned: a new one is a decision, not a slip (V2)."""
    pinned = json.loads((ROOT / "tests" / "contracts" / "scopes.json").read_text())
    assert sorted(scope.name for scope in CONNECTORS[name].auth.scopes) == pinned[name]


def test_it_never_uses_a_metric_id_twice():
    ids = [metric.id for metric in METRICS.values()]
    assert len(ids) == len(set(ids))


def test_it_keeps_the_ids_of_metrics_for_ever():
    """Stored facts hold the id: renaming is possible, renumbering is not. New metrics are added to the pin."""
    pinned = json.loads((ROOT / "tests" / "contracts" / "metric_ids.json").read_text())
    assert {name: metric.id for name, metric in METRICS.items()} == pinned
