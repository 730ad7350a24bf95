"""Rows of boxes: below what they take from, and without crossings where none are needed."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.analysis.layering import Link, arrange, crossings


@st.composite
def graphs(draw):
    """Boxes that each take from some of those before them."""
    count = draw(st.integers(2, 9))
    pairs = list(combinations(range(count), 2))
    links = [Link(k - 1, k) for k in range(1, count) if draw(st.booleans())]
    links += [
        Link(*pair, draw(st.sampled_from([-0.25, 0.0, 0.25])), 0.1)
        for pair in draw(st.lists(st.sampled_from(pairs), unique=True))
    ]
    return count, links


def crossed_pairs(rows, segments):
    """Every pair of links by itself."""
    at = {point: place for row in rows for place, point in enumerate(row)}
    ends = [[(at[s.source] + s.leaves, at[s.target] + s.enters) for s in links] for links in segments]
    return sum((a - c) * (b - d) < 0 for row in ends for (a, b), (c, d) in combinations(row, 2))


@given(graphs())
def test_every_link_goes_down_row_by_row(graph):
    boxes, links = graph
    layering = arrange(boxes, links)
    row_of = {point: number for number, row in enumerate(layering.rows) for point in row}
    assert sorted(row_of) == list(range(len(row_of)))
    assert [(path[0], path[-1]) for path in layering.paths] == [link[:2] for link in links]
    for path in layering.paths:
        assert all(row_of[lower] == row_of[upper] + 1 for upper, lower in pairwise(path))
        assert all(bend >= boxes for bend in path[1:-1])
    bends = [bend for path in layering.paths for bend in path[1:-1]]
    assert sorted(bends) == list(range(boxes, len(row_of)))


@given(graphs())
def test_a_box_stands_right_below_the_lowest_it_takes_from(graph):
    boxes, links = graph
    layering = arrange(boxes, links)
    row_of = {point: number for number, row in enumerate(layering.rows) for point in row}
    for box in range(boxes):
        above = [row_of[link.source] for link in links if link.target == box]
        assert row_of[box] == max(above, default=-1) + 1


@given(graphs())
def test_crossings_are_counted(graph):
    layering = arrange(*graph)
    assert crossings(layering.rows, layering.segments) == crossed_pairs(layering.rows, layering.segments)


@given(graphs())
def test_there_are_no_more_crossings_than_in_the_order_of_the_spec(graph):
    layering = arrange(*graph)
    as_they_come = [sorted(row) for row in layering.rows]
    assert crossings(layering.rows, layering.segments) <= crossings(as_they_come, layering.segments)


@pytest.mark.parametrize(
    "links",
    [
        [Link(1, 3), Link(0, 3), Link(1, 2), Link(2, 4), Link(3, 5)],
        [Link(0, 3), Link(1, 2), Link(2, 5), Link(3, 4)],
        # A residual block, and a decoder that takes its input at the left of the encoder's states.
        [Link(0, 1), Link(1, 2), Link(2, 3, 0, -0.1), Link(0, 3, 0, 0.1)],
        [Link(0, 1), Link(0, 2, 0, -0.3), Link(1, 2, 0, 0), Link(1, 2, 0.3, 0.3)],
    ],
)
def test_what_need_not_cross_does_not(links):
    layering = arrange(max(link.target for link in links) + 1, links)
    assert crossings(layering.rows, layering.segments) == 0
