"""Flags as the declared kinds have them: which repeat, which name files, and what runs only if allowed."""

import sys
from pathlib import Path

import pytest

from lstmcli.cli.flags import allow_or_refuse_python, files_from_here
from lstmcli.cli.verbs.train import command
from lstmcli.spec_file import read_spec

SPECS = Path("specs")


def moved(word, *values):
    """The values of a flag for a spec in another folder."""
    if word == "CheckpointPath":
        return files_from_here({word: values}, {}, SPECS)[0][word]
    return files_from_here({}, {word: values}, SPECS)[1][word]


def test_flags_that_repeat():
    repeated = {item.opts[0] for item in command.params if getattr(item, "multiple", False)}
    assert repeated == {"--train", "--validation", "--test", "--features", "--responses"}


@pytest.mark.parametrize("word", ["train", "validation", "test", "CheckpointPath"])
def test_files_in_flags_are_where_the_user_is(word):
    assert moved(word, "a.csv") == (str(Path.cwd() / "a.csv"),)
    assert moved(word, "/a.csv") == ("/a.csv",)


@pytest.mark.parametrize("text", ["0.2", ".2", "2e-1", "+0.2", "20E-2"])
def test_a_fraction_in_a_flag_is_no_file(text):
    assert moved("validation", text) == moved("test", text) == (text,)
    assert moved("train", text) == (str(Path.cwd() / text),)
    assert moved("test", "a", text) == (str(Path.cwd() / "a"), str(Path.cwd() / text))


@pytest.mark.parametrize("text", ["-", "", "0", "20", "1e3"])
def test_stdin_and_what_is_refused_stay(text):
    assert moved("validation", text) == (text,)


@pytest.mark.parametrize("word", ["features", "labels", "sequence"])
def test_columns_are_no_files(word):
    assert moved(word, "a") == ("a",)


@pytest.mark.parametrize(("initializer", "added"), [("zeros", []), ("'python:mine:ones'", ["specs"])])
def test_modules_beside_the_spec_are_found_only_where_it_names_one(monkeypatch, initializer, added):
    monkeypatch.setattr(sys, "path", [])
    layer = f"fullyConnected: {{OutputSize: 1, BiasInitializer: {initializer}}}"
    spec = read_spec(f"layers: [sequenceInput: 1, {layer}, regression]", "s.yaml", SPECS)
    allow_or_refuse_python(spec, allowed=True)
    assert sys.path == added
