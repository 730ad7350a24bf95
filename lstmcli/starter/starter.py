"""A template and data to the text of a spec."""

from dataclasses import replace

import numpy as np

from lstmcli.data.declaration import DataSection
from lstmcli.starter.choices import cut_of, data, options, sorted_by_length
from lstmcli.starter.facts import Facts, facts_of, said
from lstmcli.starter.fitting import check_are_inputs
from lstmcli.starter.names import TITLES, VIDEO
from lstmcli.starter.notes import starter_notes
from lstmcli.starter.rows import comment, section
from lstmcli.starter.templates import Template
from lstmcli.survey.survey import Survey


def write_starter(template: Template, facts: Facts, name: str) -> str:
    """A spec with comments.

    name : how the spec is called in the line that says how to train it
    """
    horizon = _horizon(template)
    facts = facts if horizon else sorted_by_length(facts)
    cut = cut_of(facts, horizon)
    responses = template.classification is not True
    chosen = options(facts, cut, not template.per_step, template.masks, template.rate, responses)
    lines = [
        *comment(f"{template.name}: {TITLES[template.name]}."),
        *(comment(f"For {facts.title}.") if facts.known else comment("Put in what your data has.")),
        *comment(f"`lstmcli train {name}` trains it, `lstmcli analyze` checks it."),
        *section("layers", template.layers(facts)),
    ]
    if template.name == VIDEO:
        lines += ["connections:", "  - [fold/miniBatchSize, unfold/miniBatchSize]"]
    lines += [*section("options", chosen), *section("data", data(facts, cut, horizon))]
    lines += ["seed: 0  # another number draws other weights, and another validation part"]
    return "\n".join(lines) + "\n"


def facts_for(template: Template, found: Survey) -> Facts:
    """The facts of data that was read for a template, with notes on what may not have been meant so."""
    facts = facts_of(found)
    return replace(facts, notes=starter_notes(template, found, cut_of(facts, _horizon(template))))


def is_cut(template: Template, facts: Facts) -> bool:
    """Whether series are cut into windows."""
    return cut_of(facts, _horizon(template)).window is not None


def facts_to_replace(template: Template, columns: DataSection) -> Facts:
    """Facts that stand for those of data which is not there yet; columns : what is known of it.

    Raises DataError for columns that are to be forecast and are no inputs.
    """
    words: dict[str, object] = {"train": ["train.csv"]}
    reasons = {"train": "your data, a row for each time step", "labels": "the column of classes"}
    if template.takes == "words":
        words["words"] = "text"
        reasons |= {"train": "your data, a row for each text", "words": "the column of texts"}
    if template.takes == "images":
        words = {"train": ["videos.mat"], "features": "XTrain"}
        reasons = {
            "train": "your data",
            "features": "a cell of h-by-w-by-C-by-S arrays",
            "labels": "the classes",
        }
    features, answers = columns.features, columns.responses
    if template.classification is None:
        if answers and features:
            check_are_inputs(answers, features, None)
        elif answers:
            features = answers
            words["features"] = list(answers)
            reasons["features"] = "the responses, and what else there is of each step"
        answers = answers or features or ("",) * 3
    elif template.classification:
        words["labels"] = "YTrain" if template.takes == "images" else "label"
        answers = ("",) * 4
    else:
        words["responses"], reasons["responses"] = "y", "the column, or a list of columns"
        answers = answers or ("",)
    return Facts(
        title="",
        words=words | said(columns),
        reasons=reasons,
        lengths=np.full(270, 50),
        size=(32, 32, 3) if template.takes == "images" else (len(features) if features else 3,),
        answers=answers,
        scale="zscore is safe where scales are not known",
        known=False,
    )


def _horizon(template: Template) -> int | None:
    """Steps ahead that are answered, if a template forecasts."""
    return 1 if template.classification is None else None
