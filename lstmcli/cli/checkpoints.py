"""Checkpoints: a model file each epoch or each so many iterations."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lstmcli.cli.streams import note
from lstmcli.errors import ModelError
from lstmcli.options import TrainingOptions

if TYPE_CHECKING:
    from lstmcli.training.run import Step


def checkpoint_file(folder: Path, iteration: int) -> Path:
    """MATLAB's name of a checkpoint, which ends in the time it was written."""
    return folder / f"net_checkpoint__{iteration}__{time.strftime('%Y_%m_%d__%H_%M_%S')}.h5"


def checkpoint_due(step: "Step", options: TrainingOptions) -> bool:
    """Whether the options ask for a checkpoint after this step."""
    if options.checkpoint_path is None:
        return False
    if options.checkpoint_frequency_unit == "iteration":
        return step.iteration % options.checkpoint_frequency == 0
    return step.epoch_done and step.epoch % options.checkpoint_frequency == 0


def write_checkpoint(store: Callable[[Path], None], folder: Path, iteration: int) -> None:
    """Store a checkpoint; one that cannot be written is no reason to lose the run, and is only noted."""
    try:
        store(checkpoint_file(folder, iteration))
    except ModelError as error:
        note(f"warning: no checkpoint at iteration {iteration}: {error.faults[0].message}")
