"""Heat maps: every unit at every step in its colour."""

import io

import matplotlib as mpl
import numpy as np
from matplotlib.image import AxesImage

from lstmcli.pictures.figure import drawn
from lstmcli.pictures.heat_map import draw_once, draw_over_time


def images(figure):
    return [image for axes in figure.axes for image in axes.findobj(AxesImage)]


def test_a_panel_for_each_sequence_and_kind():
    random = np.random.default_rng(0)
    a, b = random.standard_normal((7, 6)), random.uniform(size=(4, 6))
    shown = [("a", a), ("b", b)]
    figure = draw_over_time("lstm", ("i", "c"), (0, 4, 9), shown)
    found = images(figure)
    wanted = [a[:, :3], b[:, :3], a[:, 3:], b[:, 3:]]
    for image, values in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(image.get_array(), values.T)
    assert [image.get_clim() for image in found[:2]] == [(0, 1)] * 2
    limit = max(np.abs(values).max() for values in wanted[2:])
    assert [image.get_clim() for image in found[2:]] == [(-limit, limit)] * 2
    svg = drawn(figure, "svg")
    assert svg == drawn(draw_over_time("lstm", ("i", "c"), (0, 4, 9), shown), "svg")
    for text in (b"input gate i", b"cell state c", b">a<", b">b<", b">10<", b"Time step"):
        assert text in svg


def test_long_sequences_are_drawn_by_their_means():
    values = np.arange(2 * 5001, dtype=np.float32).reshape(5001, 2)
    figure = draw_over_time("fc", (), (0, 1), [("long", values)])
    (image,) = images(figure)
    wanted = [part.mean(axis=0) for part in np.split(values, range(3, 5001, 3))]
    np.testing.assert_allclose(image.get_array(), np.transpose(wanted), rtol=1e-6)
    assert image.get_extent() == [0.5, 5001.5, 2.5, 0.5]
    assert b"Time step (means of 3)" in drawn(figure, "svg")


def test_sequences_without_steps_are_columns():
    shown = [(name, np.array([k, -k, 0.5], np.float32)) for k, name in enumerate(("one", "$two$"))]
    figure = draw_once("lstm", (0, 1, 2), shown)
    (image,) = images(figure)
    np.testing.assert_array_equal(image.get_array(), np.array([[0, 1], [0, -1], [0.5, 0.5]]))
    assert b"$two$" in drawn(figure, "svg")
    pixels = mpl.image.imread(io.BytesIO(drawn(figure, "png")), "png")
    assert pixels.std() > 0.05


def test_zeros_can_be_drawn():
    figure = draw_over_time("fc", (), (0,), [("a", np.zeros((1, 1), np.float32))])
    assert images(figure)[0].get_clim() == (-1, 1)
    assert drawn(figure, "pdf").startswith(b"%PDF")
