"""One page of HTML that tells a whole run and asks no other file for anything."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np

from lstmcli.analysis.svg import draw_svg
from lstmcli.analysis.wording import total
from lstmcli.errors import counted
from lstmcli.graph import Graph
from lstmcli.layers.layer import Role
from lstmcli.metrics import ClassificationMetrics
from lstmcli.pictures.curve import metric_of
from lstmcli.pictures.page_curves import curves_json, library
from lstmcli.pictures.page_metrics import metrics_html
from lstmcli.pictures.page_style import MARK, SCRIPT, STYLE, escaped
from lstmcli.pictures.page_tables import classes_table, data_table, layers_table, options_table, reading_table
from lstmcli.pictures.told import Part, Told
from lstmcli.version import __version__


def run_page(told: Told) -> bytes:
    """The page; the same run gives the same bytes."""
    trained = bool(told.history)
    scripts = [library(), SCRIPT] if trained else []
    body = [
        f"<header>\n<h1>{escaped(told.name)}</h1>\n{_lead(told)}\n{_tiles(told)}\n</header>",
        *_curves(told),
        *_answers(told.parts),
        *_data(told),
        _network(told.graph),
        _options(told),
        *(f"<script>{script}</script>" for script in scripts),
    ]
    return "\n".join([*_head(told.name, scripts), *body, "</body>\n</html>\n"]).encode()


def _head(name: str, scripts: Sequence[str]) -> Iterator[str]:
    """What a browser has to know: that these very scripts may run, and nothing may be fetched."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    own = hashes or "'none'"
    policy = (
        f"default-src 'none'; script-src {own}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    yield "<!DOCTYPE html>"
    yield f'<html lang="en">\n<head>\n<meta charset="utf-8">\n{MARK}{__version__}">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escaped(name)} – training</title>\n<style>{STYLE}</style>\n</head>\n<body>"


def _lead(told: Told) -> str:
    kind = "classification" if told.graph.output.classification else "regression"
    answers = "at every time step" if told.graph.output_size.time else "once a sequence"
    ending = f" {escaped(told.ending)}." if told.ending else ""
    return f'<p class="lead">Sequence {kind}, answered {answers}.{ending}</p>'


def _tiles(told: Told) -> str:
    """The figures that one looks for first."""
    tiles = "\n".join(
        f"<div><dt>{title}</dt><dd>{value}<small>{more}</small></dd></div>"
        for title, value, more in _figures(told)
    )
    return f'<dl class="tiles">\n{tiles}\n</dl>'


def _figures(told: Told) -> Iterator[tuple[str, str, str]]:
    history = {name: np.asarray(values, np.float64) for name, values in told.history.items()}
    for part in told.parts:
        if isinstance(part.metrics, ClassificationMetrics):
            metrics = part.metrics
            right = f"{metrics.correct:,} of {metrics.count:,}"
            yield f"{part.title} accuracy", f"{100 * metrics.accuracy:.2f} %", right
        elif part.metrics is not None:
            rmse = float(np.sqrt(np.mean(part.metrics.rmse**2)))
            samples = counted(part.metrics.count, "time step" if told.graph.output_size.time else "sequence")
            responses = len(part.metrics.responses)
            of = f" of {responses} responses" if responses > 1 else ""
            yield f"{part.title} RMSE", f"{rmse:.4g}", f"over {samples}{of}"
    if not history:
        return
    metric = metric_of(told.history)
    losses = history["ValidationLoss"]
    if np.isfinite(losses).any():
        best = int(np.nanargmin(losses))
        value = history[f"Validation{metric}"][best]
        shown = f"{value:.2f} %" if metric == "Accuracy" else f"{value:.4g}"
        where = " in the curves" if _weighing(told.graph) else ""
        yield (
            "Smallest validation loss",
            f"{losses[best]:.4g}",
            f"iteration {best + 1:,}; {metric} {shown}{where}",
        )
    yield (
        "Last training loss",
        f"{history['TrainingLoss'][-1]:.4g}",
        f"at first {history['TrainingLoss'][0]:.4g}",
    )
    iterations = len(history["TrainingLoss"])
    yield "Iterations", f"{iterations:,}", f"MaxEpochs {told.spec.options.max_epochs:,}"
    yield "Learnables", f"{total(told.graph, Role.LEARNABLE):,}", counted(len(told.graph.nodes), "layer")


def _curves(told: Told) -> Iterator[str]:
    if not told.history:
        return
    yield (
        '<section>\n<h2>Training</h2>\n<label class="screen"><input type="checkbox" id="logarithmic"> '
        'logarithmic loss</label>\n<div id="curves"></div>\n'
        '<p class="note">Light: each mini-batch. Dark: smoothed. Dashed: validation.<span class="screen"> '
        f"Drag over a part to see it larger, double-click to see all.</span>{_weighing(told.graph)}</p>\n"
        "</section>"
    )
    yield f'<script type="application/json" id="figure">{curves_json(told.history)}</script>'


def _weighing(graph: Graph) -> str:
    """How the RMSE of training, which is MATLAB's, differs from that of the answers; empty if it does not."""
    ways = []
    if graph.output_size.time:
        ways.append("every sequence counts alike (elsewhere: every time step)")
    if graph.output_size.channels > 1:
        ways.append("squares of responses are added (elsewhere: averaged)")
    if graph.output.classification or not ways:
        return ""
    return f" RMSE here is MATLAB’s: {', and '.join(ways)}."


def _answers(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.metrics is not None:
            answers = metrics_html(part.metrics)
            yield f'<section class="answers">\n<h2>{part.title} data</h2>\n{answers}\n</section>'


def _data(told: Told) -> Iterator[str]:
    pairs = [(part.title, part.data) for part in told.parts]
    tables = data_table(pairs) + "\n" + classes_table(pairs) if pairs else ""
    reading = f"<h3>How it is read</h3>\n{reading_table(told.spec)}"
    yield f"<section>\n<h2>Data</h2>\n{tables}\n{reading}\n</section>"


def _network(graph: Graph) -> str:
    return (
        f'<section>\n<h2>Network</h2>\n<div class="drawing">{draw_svg(graph)}</div>\n'
        f"{layers_table(graph)}\n</section>"
    )


def _options(told: Told) -> str:
    text = told.spec.text(node.layer for node in sorted(told.graph.nodes, key=lambda node: node.number))
    return (
        "<section>\n<h2>Options</h2>\n"
        '<p class="note">What is set in bold is not MATLAB’s default.</p>\n'
        f"{options_table(told.spec.options)}\n"
        "<details><summary>The whole spec, with every default filled in</summary>\n"
        f"<pre>{escaped(text)}</pre></details>\n</section>"
    )
