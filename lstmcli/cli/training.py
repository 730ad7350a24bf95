"""A run from its first iteration to the file of its network, however it ends, and what is shown meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lstmcli.cli.checkpoints import checkpoint_due, write_checkpoint
from lstmcli.cli.displays import Bar, Lines
from lstmcli.cli.saving import keep_earlier, save
from lstmcli.cli.stopping import Stopper
from lstmcli.cli.streams import note
from lstmcli.cli.training_log import TrainingLog
from lstmcli.cli.training_table import TrainingTable
from lstmcli.errors import DivergedError, Fault, ModelError
from lstmcli.graph import Network
from lstmcli.modelfile import write_model
from lstmcli.network_file import to_model
from lstmcli.options import TrainingOptions
from lstmcli.preparation import Prepared
from lstmcli.records import Weights
from lstmcli.training.loop import train
from lstmcli.training.population import BrokenOffError, is_due, with_population_statistics
from lstmcli.training.run import STOPPED, result_weights, start_run


@dataclass(frozen=True)
class Done:
    """A run that is over, whose network is stored.

    history : values of each iteration, as TrainingInfo has them
    ending : why it is over; code : of a signal that stopped it, else 0; diverged : what went wrong, if it did
    unlogged : why the log has not all iterations, if it has not
    """

    network: Network
    history: Mapping[str, list[float]]
    ending: str
    code: int
    diverged: DivergedError | None = None
    unlogged: Fault | None = None

    @property
    def finished(self) -> bool:
        """Whether it went on to its own end."""
        return self.diverged is None and not self.code

    @property
    def faults(self) -> list[Fault]:
        """What went wrong."""
        found = self.diverged.faults if self.diverged is not None else []
        return [*found, self.unlogged] if self.unlogged is not None else [*found]


def display_for(options: TrainingOptions, metric: str, quiet: bool, drawn: bool) -> Lines:
    """What the option Plots asks for, as far as it can be had; drawn : stderr is a terminal to draw on."""
    if quiet or not drawn:
        return Lines(quiet)
    if options.plots == "none":
        return Bar()
    from lstmcli.cli.training_curves import Curves, hindrance

    reason = hindrance()
    if reason is None:
        return Curves(metric, options)
    note(f"note: {reason}; a progress bar is drawn instead of curves")
    return Bar()


def train_and_store(prepared: Prepared, path: Path, log: Path | None, display: Lines) -> Done:
    """Train, show it, and store the network and its checkpoints. Raises ModelError if it cannot be stored."""
    spec, network, data = prepared
    graph, options = network.graph, spec.options
    run = start_run(network, len(data.train.sequences), options, spec.seed)
    validates = data.validation is not None
    table = TrainingTable(graph.output.metric, validates, options.verbose, options.verbose_frequency, display)

    def store(file: Path, weights: Weights) -> None:
        write_model(file, to_model(spec, Network(graph, weights), run.history))

    def store_result(file: Path) -> None:
        store(file, result_weights(run, options))

    def store_unfinished() -> None:
        earlier = keep_earlier(path)
        save(store_result, path)
        if earlier is not None:
            display.say(f"the model that was there is kept as {earlier}")

    def store_as_it_is(file: Path) -> None:
        store(file, run.weights)

    def tell(last: str = "") -> None:
        best = run.best if options.keeps_best(validates) else None
        smallest = (
            f": the network of iteration {best.iteration}, with the smallest validation loss" if best else ""
        )
        display.say(f"saved {path}{smallest or last}")

    def over(ending: str, code: int = 0, diverged: DivergedError | None = None) -> Done:
        trained = Network(graph, result_weights(run, options))
        return Done(trained, run.history, ending, code, diverged, lines.fault)

    lines = TrainingLog(log, graph.output.metric)
    with Stopper(display.answer) as stopper:
        try:
            with display, lines:
                table.open(normalizes=graph.normalizes)
                for step in train(graph, run, data.train, data.validation, options):
                    last = bool(step.finished or stopper.code)
                    display.show(step)
                    table.show(step, last)
                    lines.write(step)
                    if spec.checkpoint_folder is not None and checkpoint_due(step, options):
                        write_checkpoint(store_as_it_is, spec.checkpoint_folder, step.iteration)
                    if last:
                        break
                table.close(run.finished or STOPPED)
        except DivergedError as diverged:
            try:
                store_unfinished()
            except ModelError as error:
                raise ModelError([*diverged.faults, *error.faults]) from error
            tell(": the last network whose loss was finite")
            return over("Training diverged", diverged=diverged)
        if run.finished:
            save(store_result, path)
        else:
            store_unfinished()
        last_word = ""
        if is_due(graph, run, options):
            display.say("computing batch normalization statistics of all training data")
            stopper.is_saved = True
            found = Network(graph, run.weights), data.train.sequences, options, stopper.is_told_again
            try:
                run.weights = with_population_statistics(*found).weights
                save(store_result, path)
            except BrokenOffError:
                last_word = ": with the running estimates of batch normalization"
    tell(last_word)
    return over(run.finished or STOPPED, stopper.code)
