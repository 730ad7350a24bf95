"""The page and the picture of a run: what is in them, and a browser that opens the page."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from lstmcli.modelfile import read_model

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TRAIN = "lstmcli train learn.yaml --validation animals.csv --ValidationFrequency 2 --MaxEpochs 4 --quiet"
EVIL = "<script>alert(1)</script>"


class Texts(HTMLParser):
    """The texts of a page by its tags, apart from those within scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.scripts, self.open = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open = tag
        self.scripts += [dict(attributes)] if tag == "script" else []

    def handle_endtag(self, tag):
        self.open = None

    def handle_data(self, text):
        if self.open not in ("script", "style"):
            self.texts.append(text.strip())


@pytest.fixture
def page(shell, folder):
    done = shell.run(f"{TRAIN} --report run.html", folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "test accuracy: 0.8000 (4 of 5)\n", "")
    return (folder / "run.html").read_text(encoding="utf-8")


def rows_of(page, kind):
    [table] = re.findall(rf'<table class="{kind}">(.*?)</table>', page, re.DOTALL)[:1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]


def test_a_page_tells_the_run(page):
    texts = Texts(page).texts
    for text in (
        "learn.h5",
        "Training",
        "Validation data",
        "Test data",
        "Network",
        "Options",
        "MiniBatchSize",
    ):
        assert text in texts, text
    assert "4 of 5 right: 80.0 %, balanced 83.3 %" in texts
    assert "RMSE" not in page.partition("<script")[0]
    assert rows_of(page, "confusion")[2:4] == [["cat", "2", "", "100.0 %"], ["dog", "1", "2", "66.7 %"]]
    assert rows_of(page, "numbers")[1:] == [
        ["Training", "5", "1 to 3", "2", "9"],
        ["Validation", "5", "1 to 3", "2", "9"],
        ["Test", "5", "1 to 3", "2", "9"],
    ]
    assert [row[1] for row in rows_of(page, "layers")[1:]] == [
        *("sequenceinput", "lstm", "fc", "softmax", "classoutput"),
    ]


def test_the_curves_are_the_training_information(page, folder):
    info = read_model(folder / "learn.h5").training_info
    [text] = re.findall(r'<script type="application/json" id="figure">(.*?)</script>', page)
    traces = {trace["name"]: trace for trace in json.loads(text)[0]}
    assert traces["loss, raw"]["y"] == [float(f"{loss:.6g}") for loss in info["TrainingLoss"]]
    assert traces["accuracy, raw"]["x"] == list(range(1, 9))
    validated = [k for k, loss in enumerate(info["ValidationLoss"], start=1) if loss == loss]
    assert traces["validation"]["x"] == validated == [1, 2, 4, 6, 8]
    assert traces["learning rate"]["y"] == [0.1, 0.1]


ALIKE = "every sequence counts alike (elsewhere: every time step)"
ADDED = "squares of responses are added (elsewhere: averaged)"


@pytest.mark.parametrize(
    ("model", "validation", "training", "note"),
    [
        # Sequence m has the errors 0, 0 and 1, 0 at its two steps and n has 1 and 2 at its one:
        # sqrt((1 + 1 + 4) / 6), but sqrt(((0 + 1) / 2 + (1 + 4) / 1) / 2).
        (
            "motion",
            "1<small>over 3 time steps of 2 responses",
            "1.658 in the curves",
            [f"{ALIKE}, and {ADDED}."],
        ),
        # Mean squares of 0.112263^2 and 0.822598^2 for each response.
        ("growth", "0.5871<small>over 3 sequences of 2 responses", "0.8302 in the curves", [f"{ADDED}."]),
        # Windows are of one length.
        ("series", "2.739<small>over 4 time steps", "2.739 in the curves", [f"{ALIKE}."]),
    ],
)
def test_a_page_says_which_rmse_is_which(shell, folder, model, validation, training, note):
    still = "--InitialLearnRate 1e-20 --MaxEpochs 1 --quiet --report run.html"
    done = shell.run(f"lstmcli train {model}.yaml -o n.h5 --validation {model}.csv {still}", folder)
    assert (done.returncode, done.stderr) == (0, "")
    page = (folder / "run.html").read_text(encoding="utf-8")
    tiles = dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</small></dd>", page))
    assert tiles["Validation RMSE"] == validation
    assert tiles["Smallest validation loss"].partition("; ")[2] == f"RMSE {training}"
    assert re.findall(r" RMSE here is MATLAB’s: (.*?)</p>", page) == note


def test_the_same_run_is_the_same_page(shell, folder, page):
    command = "lstmcli report learn.h5 animals.csv"
    done = shell.run(
        f"{command} && mv learn.html once.html && {command} && {command} -o - > out.html", folder
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "saved learn.html\n" * 2)
    once = (folder / "once.html").read_bytes()
    assert (folder / "learn.html").read_bytes() == once == (folder / "out.html").read_bytes()
    assert rows_of(once.decode(), "confusion") == rows_of(page, "confusion")
    assert len(once) < 6_000_000


def test_names_stay_texts(shell, folder):
    spec = (folder / "learn.yaml").read_text()
    spec = spec.replace("NumHiddenUnits: 1", "NumHiddenUnits: 1\n      Name: '<script>alert(1)<!--x'")
    (folder / "evil.yaml").write_text(spec)
    data = (folder / "animals.csv").read_text().replace("cat", EVIL)
    (folder / "animals.csv").write_text(data)
    done = shell.run("lstmcli train evil.yaml --quiet --report '<b>.html' -o '<i>.h5'", folder)
    assert (done.returncode, done.stderr) == (0, "")
    page = Texts((folder / "<b>.html").read_text(encoding="utf-8"))
    assert {EVIL, "<script>alert(1)<!--x", "<i>.h5"} <= set(page.texts)
    assert [script.get("type") for script in page.scripts] == ["application/json", None, None]


def browse(page):
    """What a browser makes of a page, and the addresses that the page itself has asked for."""
    log = page.with_suffix(".json")
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    command += [
        f"--user-data-dir={page.with_suffix('')}",
        f"--log-net-log={log}",
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    events = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
    # The browser has business of its own, which comes from no page.
    asked = [event["url"] for event in events if event.get("initiator", "not an origin") != "not an origin"]
    return done.stdout, asked


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium or Chrome")
def test_a_browser_draws_the_curves_and_asks_nobody(page, folder):
    drawn, asked = browse(folder / "run.html")
    assert asked == []
    assert 'id="curves" class="js-plotly-plot"' in drawn
    # Accuracy and loss raw, smoothed and validated, and the learning rate; other lines are the legend's.
    lines = re.findall(r'<path class="js-line" d="(M[^"]*[LH][^"]*)"', drawn)
    assert len(lines) == 7
    assert sum(line.count("L") >= 5 for line in lines) >= 2
    assert all(f">{name}<" in drawn for name in ("training accuracy", "training loss", "validation"))
    # Nor would it ask anybody if it might.
    free, count = re.subn("<meta http-equiv[^>]*>", '<img src="https://free.invalid/">', page)
    (folder / "free.html").write_text(free, encoding="utf-8")
    assert (count, browse(folder / "free.html")[1]) == (1, ["https://free.invalid/"])


def test_curves_as_a_picture(shell, folder):
    pictures = " && ".join(f"lstmcli report learn.h5 --plot b.{form}" for form in ("svg", "png", "pdf"))
    done = shell.run(f"{TRAIN} --plot a.svg && {pictures}", folder)
    assert (done.returncode, done.stderr) == (0, "saved b.svg\nsaved b.png\nsaved b.pdf\n")
    drawn = (folder / "a.svg").read_bytes()
    assert drawn == (folder / "b.svg").read_bytes()
    words = ("Accuracy (%)", "Loss", "Iteration", "training", "smoothed", "validation")
    assert all(f">{word}</text>".encode() in drawn for word in words)
    assert (folder / "b.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "b.pdf").read_bytes().startswith(b"%PDF")
    assert not (folder / "learn.html").exists()


def test_a_run_that_diverges_or_is_stopped_has_its_pictures(shell, folder):
    train = (
        "lstmcli train motion.yaml -o m.h5 --Solver sgdm --InitialLearnRate 1e30 --report m.html --plot m.png"
    )
    done = shell.run(train, folder)
    assert done.returncode == 6
    assert "saved m.html\nsaved m.png\nerror: training diverged" in done.stderr
    assert "Training diverged." in (folder / "m.html").read_text(encoding="utf-8")
    train = "lstmcli train learn.yaml -o s.h5 --MaxEpochs 10000000 --log l.csv --report s.html"
    done = shell.run(f"{train} & until [ -s l.csv ]; do sleep 0.1; done; kill $!; wait $!", folder)
    assert done.returncode == 143
    assert done.stderr.endswith("saved s.h5\nsaved s.html\n")
    assert "Stopped manually." in (folder / "s.html").read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_written_costs_neither_model_nor_metrics(shell, folder):
    train = f"{TRAIN} -o m.h5 --MaxEpochs 100000 --report out/m.html --log l.csv"
    away = "until [ -s l.csv ]; do sleep 0.1; done; rmdir out; kill $!; wait $!"
    done = shell.run(f"mkdir out; {train} & {away}", folder)
    assert done.returncode == 5
    assert done.stderr.startswith("error: cannot write `out/m.html`: there is no folder `out`")
    assert len(read_model(folder / "m.h5").training_info["TrainingLoss"]) > 0
