"""From left to right: no overlap, chains in line, and the best places there are for a row."""

from itertools import combinations_with_replacement, pairwise

import pytest
from analysis.test_layering import graphs
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.analysis.layering import Link, arrange
from lstmcli.analysis.placement import place, settle

GAP = 10


def placed(boxes, links, width=100):
    return place(arrange(boxes, links), [width] * boxes, GAP)


def cost(places, wishes):
    return sum(
        weight * abs(x - at) for at, wished in zip(places, wishes, strict=True) for x, weight in wished
    )


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_a_row_settles_at_the_least_cost(wishes):
    """Some of the best places are at wishes, moved by gaps: all of those are tried."""
    found = settle(wishes, [2] * (len(wishes) - 1))
    assert all(b - a >= 2 for a, b in pairwise(found))
    free = combinations_with_replacement(range(-6, 7), len(wishes))
    costs = (cost([x + 2 * k for k, x in enumerate(places)], wishes) for places in free)
    assert cost(found, wishes) == min(costs)


@given(graphs())
def test_nothing_overlaps(graph):
    boxes, links = graph
    layering = arrange(boxes, links)
    widths = [60 + 10 * (k % 5) for k in range(boxes)]
    at = place(layering, widths, GAP)
    sizes = dict(enumerate(widths))
    for row in layering.rows:
        for a, b in pairwise(row):
            assert at[b] - at[a] >= (sizes.get(a, 0) + sizes.get(b, 0)) / 2 + GAP - 1e-9
    assert min(x - sizes.get(point, 0) / 2 for point, x in enumerate(at)) == pytest.approx(0)


def test_a_chain_is_straight():
    assert placed(4, [Link(0, 1), Link(1, 2), Link(2, 3)]) == [50, 50, 50, 50]


def test_a_chain_that_is_passed_by_stays_straight_and_so_does_what_passes_it():
    """Two residual blocks one below the other, with ports beside the middle."""
    chain = [Link(k, k + 1, 0, -0.1 if k % 3 == 2 else 0) for k in range(6)]
    at = placed(7, [*chain, Link(0, 3, 0, 0.1), Link(3, 6, 0, 0.1)])
    assert at[:7] == [50] * 7
    assert len(set(at[7:9])) == len(set(at[9:])) == 1
    assert at[7] == 50 + 50 + GAP


def test_branches_lie_evenly_below_where_they_part():
    links = [Link(0, 1), Link(0, 2), Link(1, 3), Link(2, 3)]
    assert placed(4, links) == [105, 50, 160, 105]


def test_what_passes_branches_by_moves_aside_for_them():
    """Three branches of one, two and three boxes below box 1, and a connection beside them."""
    into = [Link(source, 8, 0, enters) for source, enters in ((2, -0.3), (5, -0.1), (7, 0.1), (0, 0.3))]
    links = [Link(0, 1), Link(1, 2), Link(1, 3), Link(1, 4), Link(3, 5), Link(4, 6), Link(6, 7), *into]
    at = placed(9, links)
    left, middle, right, beside = 50, 160, 270, 330
    assert at[:9] == [middle, middle, left, middle, right, middle, right, right, right]
    assert at[9:] == [left, left, middle, beside, beside, beside, beside]
