import itertools

import numpy as np
import pytest

from charts import theme

WHITE, DARK = "#FFFFFF", "#101217"
# Machado, Oliveira and Fernandes (2009), severity 1.0
SEEN = {
    "ordinary": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour):
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    weights = np.array([0.2126, 0.7152, 0.0722])
    light, dark = sorted((float(linear(colour) @ weights) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("ground", [WHITE, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour", [*theme.PLATFORMS.values(), theme.ACCENT, theme.PREVIOUS, theme.ANOMALY])
def test_it_stands_out_in_both_themes(colour, ground):
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("ground", [WHITE, DARK], ids=["light", "dark"])
def test_it_writes_legibly_in_both_themes(ground):
    assert contrast(theme.TEXT, ground) >= 4.2


@pytest.mark.parametrize("eye", SEEN)
def test_it_keeps_platforms_apart_for_every_eye(eye):
    seen = {name: lab(SEEN[eye] @ linear(colour)) for name, colour in theme.PLATFORMS.items()}
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 20, f"{one} and {other} look alike"


def test_it_gives_an_unknown_platform_a_neutral_colour():
    assert theme.platform_colour("some_forum") == theme.OTHER
