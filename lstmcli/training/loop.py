"""The training loop: one Run goes in, is advanced an iteration at a time, and comes out of every step."""

from collections.abc import Iterator
from typing import NoReturn

import numpy as np

from lstmcli.errors import DivergedError, Fault
from lstmcli.graph import Graph, Network
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch, split, training_rows
from lstmcli.options import TrainingOptions
from lstmcli.records import Data, Weights
from lstmcli.training.pass_over import learn_from, total_loss
from lstmcli.training.run import MAX_EPOCHS, PATIENCE, Best, Run, Step, copy_weights
from lstmcli.training.solvers import learnables_of, regularize, update


def train(
    graph: Graph, run: Run, data: Data, validation: Data | None, options: TrainingOptions
) -> Iterator[Step]:
    """Advance `run` until it is finished, yielding after each iteration.

    An iteration is one mini-batch, or one piece of it where SequenceLength is a number: forward,
    loss, backward, L2, clipping, solver step, and a validation where one is due. Between two steps the
    run is whole: it may be stored, and training goes on from it in another process.
    Raises DivergedError when loss, gradient or weights are not finite; run.weights are then the last
    whose loss was.
    """
    learnables = learnables_of(graph)
    mode = Mode(run.random)
    while run.finished is None:
        if run.mini_batch == 0 and run.piece == 0 and options.shuffle == "every-epoch":
            run.order = run.random.permutation(run.order)
        batches = training_rows(run.order, options.mini_batch_size)
        batch = make_mini_batch(data.sequences, data.targets, batches[run.mini_batch], options)
        pieces = split(batch, options.sequence_length)
        if run.piece == 0:
            run.states = graph.initial_states(run.weights, len(batch.rows))
        for piece in pieces[run.piece :]:
            epoch, learn_rate = run.epoch, options.learn_rate(run.epoch)
            network = Network(graph, run.weights)
            outcome = learn_from(network, piece, run.states, options.mask_padding, mode)
            gradients, loss = outcome.gradients, outcome.loss.mean
            squares = regularize(learnables, run.weights, gradients, options)
            run.iteration += 1
            norm = float(np.sqrt(sum(squares)))
            if not np.isfinite(loss + norm):
                if not np.isfinite(loss):
                    run.weights = run.good
                _diverge(run, f"the loss is {loss:g}, the gradient's norm {norm:g}")
            own = (gradients, squares, run.moments, options, learn_rate, run.iteration)
            finite = update(learnables, run.weights, *own, run.good)
            run.weights, run.good = run.good, run.weights
            taken = _take(outcome.statistics, run.weights)
            if not (finite and taken):
                run.weights = run.good
                whose = "the mini-batch leaves statistics" if finite else "the solver's step leaves weights"
                _diverge(run, f"{whose} that are not finite")
            run.states = graph.carried(outcome.states, run.weights)
            progress = _advance(run, len(pieces), len(batches), options)
            step = Step(
                epoch,
                run.iteration,
                learn_rate,
                loss,
                graph.output.metric_value(outcome.loss),
                *_validate(graph, run, validation, options),
                progress,
                epoch_done=run.mini_batch == 0 and run.piece == 0,
                finished=run.finished,
            )
            _remember(run, step, graph.output.metric)
            yield step
            if run.finished:
                break


def _advance(run: Run, pieces: int, batches: int, options: TrainingOptions) -> float:
    """Move the counters to the next iteration; the share of the run that is done."""
    run.piece += 1
    if run.piece == pieces:
        run.piece, run.states, run.mini_batch = 0, {}, run.mini_batch + 1
    if run.mini_batch == batches:
        run.mini_batch, run.epoch = 0, run.epoch + 1
    if run.epoch > options.max_epochs:
        run.finished = MAX_EPOCHS
    done = run.epoch - 1 + (run.mini_batch + run.piece / pieces) / batches
    return done / options.max_epochs


def _take(statistics: Weights, weights: Weights) -> bool:
    """Put new statistics among the weights; whether all of them are finite."""
    for layer, arrays in statistics.items():
        weights[layer].update(arrays)
    return all(np.isfinite(array).all() for arrays in statistics.values() for array in arrays.values())


def _validate(
    graph: Graph, run: Run, validation: Data | None, options: TrainingOptions
) -> tuple[float | None, float | None]:
    """Loss and metric of the validation data where a validation is due, with best network and patience."""
    due = run.iteration == 1 or run.iteration % options.validation_frequency == 0 or run.finished
    if validation is None or not due:
        return None, None
    order = np.arange(len(validation.sequences))
    if options.shuffle == "every-epoch":
        # Its own generator, or the training would take another course with validation data than without.
        order = np.random.default_rng((run.seed, 3, run.iteration)).permutation(order)
    loss = total_loss(Network(graph, run.weights), *validation, order, options)
    # A loss that is NaN or infinite is no smaller than any: it never makes a network the best.
    if loss.mean < (run.best.loss if run.best is not None else float("inf")):
        run.best = Best(loss.mean, run.iteration, copy_weights(run.weights))
        run.stale = 0
    else:
        run.stale += 1
        if run.stale >= options.validation_patience and run.finished is None:
            run.finished = PATIENCE
    return loss.mean, graph.output.metric_value(loss)


def _diverge(run: Run, what: str) -> NoReturn:
    message = f"training diverged at epoch {run.epoch}, iteration {run.iteration}: {what}"
    help = "lower `InitialLearnRate`, set `GradientThreshold: 1`, or normalize the data"
    raise DivergedError(Fault(message, None, help))


def _remember(run: Run, step: Step, metric: str) -> None:
    for name, value in step.information(metric).items():
        run.history.setdefault(name, []).append(float("nan") if value is None else value)
