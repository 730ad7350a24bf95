"""The `.ts` text form of aeon and sktime: one case a line, channels separated by `:`, values by `,`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import is_missing, missing_fault, number_fault
from lstmcli.data.classes import class_order, renumber, unknown_class
from lstmcli.data.declaration import DataSection
from lstmcli.data.parse import parse_numbers
from lstmcli.data.selection import Observations, offsets_of
from lstmcli.data.sources import line_blocks
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place, counted
from lstmcli.records import Sequences, Targets, Task

NumberedLines = list[tuple[int, str]]


@dataclass(frozen=True)
class Case:
    """One line after @data: the values of each channel, and the label or target at the end."""

    place: Place
    channels: list[str]
    end: str

    @property
    def steps(self) -> int:
        """The number of values of the first channel."""
        return self.channels[0].count(",") + 1


def read_cases(paths: Sequence[str], columns: DataSection, task: Task | None) -> Iterator[Observations]:
    """The cases of `.ts` files, named 1, 2, ... over all files, with a target for each step.

    Class labels answer a classification task, numeric targets a regression task (named `target` unless
    `responses` names them). Channels have no names, so that the other columns are not looked at.
    Raises DataError for time stamps, missing values, non-numbers, channels of unequal length, another
    number of channels than in the first case, and targets of another kind than the task's.
    """
    names = count(1)
    channels = 0
    for path in paths:
        header: NumberedLines = []
        data: NumberedLines | None = None
        for block in line_blocks(path, None):
            texts = block.text.decode().split("\n")
            lines = [(row, line.strip()) for row, line in enumerate(texts, block.first)]
            if data is None:
                header, data = _split_header(header + lines)
                if data is None:
                    continue
                end = _end_of_case(header, columns, task, path)
            else:
                data = lines
            cases, fault = _read_lines(data, path, end)
            if cases:
                channels = channels or len(cases[0].channels)
                yield from _in_order(cases, channels, names, columns, task)
            if fault is not None:
                raise fault
        if data is None:
            raise DataError(Fault("there is no line `@data`", Place(path)))
    if channels == 0:
        raise DataError(Fault("there is no case after `@data`", Place(paths[-1])))


def _split_header(lines: NumberedLines) -> tuple[NumberedLines, NumberedLines | None]:
    """The lines before and after `@data`; None if it has not come yet."""
    for number, (_, line) in enumerate(lines):
        if line.lower() == "@data":
            return lines[:number], lines[number + 1 :]
    return lines, None


def _end_of_case(header: NumberedLines, columns: DataSection, task: Task | None, path: str) -> str:
    """What the last field of a case is: a `class`, a `target`, or "" where it is a channel."""
    words = [(row, line.lower().split()) for row, line in header if line.startswith("@")]
    given = {parts[0]: parts[1] for _, parts in words if len(parts) > 1}
    for row, parts in words:
        if parts[:2] == ["@timestamps", "true"]:
            raise DataError(Fault("time stamps in a `.ts` file are not supported", Place(path, row)))
    end = "class" if given.get("@classlabel") == "true" else ""
    end = "target" if given.get("@targetlabel") == "true" else end
    if task is not None and task.classification and end != "class":
        raise DataError(
            Fault("the file has no class labels", Place(path), "it needs a line `@classLabel true`")
        )
    if task is not None and not task.classification:
        if end != "target" and (columns.responses or columns.horizon is None):
            help = "it needs a line `@targetLabel true`"
            raise DataError(Fault("the file has no numeric targets", Place(path), help))
        wanted = len(columns.responses or ())
        if wanted > 1:
            raise DataError(Fault(f"a `.ts` file has one target, not {wanted}", Place(path)))
    return end


def _read_lines(lines: NumberedLines, path: str, end: str) -> tuple[list[Case], DataError | None]:
    """The cases up to the first line that is none, and its fault."""
    cases: list[Case] = []
    for row, line in lines:
        try:
            if line:
                cases.append(_read_case(line, Place(path, row), end))
        except DataError as fault:
            return cases, fault
    return cases, None


def _in_order(
    cases: list[Case], channels: int, names: Iterator[int], columns: DataSection, task: Task | None
) -> Iterator[Observations]:
    """The cases; if some are at fault, those before them, and then the faults."""
    ids = [str(next(names)) for _ in cases]
    try:
        whole = _observations(cases, channels, ids, columns, task)
    except DataError as error:
        faulty = {fault.where for fault in error.faults}
        sound = next((n for n, case in enumerate(cases) if case.place in faulty), 0)
        if sound:
            yield _observations(cases[:sound], channels, ids[:sound], columns, task)
        raise
    yield whole


def _read_case(line: str, place: Place, end: str) -> Case:
    channels = line.split(":")
    last = channels.pop().strip() if end else ""
    if not channels:
        raise DataError(Fault(f"the case has no {end} at its end", place, "it is written after a last `:`"))
    return Case(place, channels, last)


def _observations(
    cases: list[Case], channels: int, ids: list[str], columns: DataSection, task: Task | None
) -> Observations:
    _check_shapes(cases, channels)
    lengths = np.array([case.steps for case in cases])
    sequences = Sequences(
        values=_values(cases, channels, lengths),
        offsets=offsets_of(lengths),
        ids=tuple(ids),
        places=tuple((case.place.file, case.place.row or 0) for case in cases),
    )
    if task is not None and task.classification:
        numbers, names = _classes(cases, task)
        return sequences, Targets(np.repeat(numbers, lengths), names, per_step=True)
    if task is not None and (columns.responses or columns.horizon is None):
        values, names = _responses(cases, columns)
        return sequences, Targets(values[np.repeat(np.arange(len(cases)), lengths)], names, per_step=True)
    return sequences, None


def _check_shapes(cases: list[Case], channels: int) -> None:
    faults = []
    for case in cases:
        lengths = [channel.count(",") + 1 for channel in case.channels]
        if len(lengths) != channels:
            message = f"the case has {counted(len(lengths), 'channel')}, the first case has {channels}"
            faults.append(Fault(message, case.place))
        elif min(lengths) != max(lengths):
            channel = next(k for k, length in enumerate(lengths) if length != lengths[0])
            message = f"channel {channel + 1} has {lengths[channel]} values, channel 1 has {lengths[0]}"
            faults.append(Fault(message, case.place))
    if faults:
        raise DataError(faults)


def _values(cases: list[Case], channels: int, lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """All steps of all cases, float32[S, C]."""
    flat = parse_numbers("\n".join(",".join(case.channels) for case in cases).replace(",", "\n"))
    if flat is None:
        raise DataError(_value_faults(cases))
    ends = np.cumsum(lengths * channels)
    parts = [part.reshape(channels, -1).T for part in np.split(flat, ends[:-1])]
    return np.concatenate(parts)


def _value_faults(cases: list[Case]) -> list[Fault]:
    faults: list[Fault] = []
    for case in cases:
        for channel, values in enumerate(case.channels, 1):
            for step, value in enumerate(values.split(","), 1):
                fault = number_fault(value, case.place, ",")
                if fault and len(faults) <= MOST_FAULTS:
                    faults.append(replace(fault, message=f"{fault.message}: channel {channel}, step {step}"))
    return faults


def _classes(cases: list[Case], task: Task) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    faults = [missing_fault(case.end, case.place) for case in cases if is_missing(case.end)]
    labels = tuple(sorted({case.end for case in cases}))
    classes = class_order(labels) if task.classes is None else task.classes
    if not faults:
        faults = [unknown_class(c.end, classes, c.place) for c in cases if c.end not in classes]
    if faults:
        raise DataError(faults)
    numbers = np.array([labels.index(case.end) for case in cases], np.int32)
    return renumber(numbers, labels, classes), classes


def _responses(cases: list[Case], columns: DataSection) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    values = parse_numbers("\n".join(case.end for case in cases))
    if values is None:
        faults = [number_fault(case.end, case.place, ":") for case in cases]
        raise DataError([fault for fault in faults if fault])
    return values[:, None], columns.responses or ("target",)
