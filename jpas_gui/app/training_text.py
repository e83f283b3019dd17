"""What is said of a training in words."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jpas_gui.app.catalogue_prediction import time_text
from jpas_gui.app.training_log import TrainingLog
from jpas_gui.app.training_runs import Run, RunState
from jpas_gui.core.exit_status import exit_text

if TYPE_CHECKING:
    from jpas_gui.app.training import TrainingSummary

_BYTES_PER_GB = 1e9


def state_text(run: Run | None, log: TrainingLog | None, state: RunState) -> str:
    """Return what a run is doing, or how it ended and what can be done."""
    if run is None or log is None:
        return "No training is under way. Choose what is to be learned, and press Start."
    epoch = max(log.epochs, default=0)
    match state:
        case RunState.PREPARING:
            return f"{run.name}: preparing: {log.doing or 'starting'} …"
        case RunState.TRAINING | RunState.STOPPING if log.is_saving:
            return f"{run.name}: saving the best …"
        case RunState.PAUSED if not log.has_started:
            return f"{run.name}: paused while preparing: {log.doing or 'starting'}"
        case RunState.TRAINING | RunState.PAUSED:
            return f"{run.name}: {state}, epoch {min(epoch + 1, log.n_epochs)} of {log.n_epochs}"
        case RunState.STOPPING:
            return f"{run.name}: stopping …"
        case RunState.DONE:
            return f"{run.name}: done, the model is that of epoch {log.best_epoch}"
        case RunState.STOPPED:
            return f"{run.name}: stopped after epoch {epoch}. {_stopped_text(run, log, epoch)}"
        case RunState.CRASHED:
            return f"{run.name}: crashed: {why_it_ended(run, log)}\n{_what_to_do(run, log, epoch)}"
    return f"{run.name}: {state}"


def running_text(summary: "TrainingSummary | None") -> str:
    """Return the training that is under way in a line: name, epoch, time left, and how many wait; empty for none."""
    if summary is None:
        return ""
    is_training = summary.state is RunState.TRAINING
    parts = [f"epoch {summary.epoch} of {summary.n_epochs}"] if summary.n_epochs else []
    if not is_training or not parts:
        parts.insert(0, str(summary.state))
    if is_training and math.isfinite(summary.remaining_seconds):
        parts.append(f"{time_text(summary.remaining_seconds)} left")
    if summary.n_waiting:
        parts.append("1 waits" if summary.n_waiting == 1 else f"{summary.n_waiting} wait")
    return f"Training {summary.name}: {', '.join(parts)}"


def ended_text(run: Run, log: TrainingLog, state: RunState) -> str:
    """Return how a run ended, in a line."""
    if state is RunState.CRASHED:
        return " ".join(f"{run.name} crashed: {why_it_ended(run, log)}".split())
    return f"{run.name}: {state}"


def why_it_ended(run: Run, log: TrainingLog) -> str:
    """Return why a program ended that did not come to its own end: what it said, or what ended it."""
    said, status = run.last_words(), log.exit_status
    if status is not None and status < 0:
        return "\n".join(filter(None, (exit_text(status), said)))
    if said:
        return said
    if status is None:
        return "ended without a word: was the machine switched off, or the disk full?"
    return f"{exit_text(status)}, and said nothing"


def _stopped_text(run: Run, log: TrainingLog, epoch: int) -> str:
    if log.is_kept is False:
        kept = f"The best model could not be kept ({log.why_not_kept}); "
    elif run.has_model:
        kept = "The best model is kept; "
    else:
        kept = "There is no model yet; " if epoch else "Nothing is learned yet; "
    return kept + (f"Resume goes on from epoch {epoch}" if epoch else "Resume begins anew")


def _what_to_do(run: Run, log: TrainingLog, epoch: int) -> str:
    if not run.can_resume:
        return "Its model is kept."
    kept = "Its best model is kept. " if log.is_kept and run.has_model else ""
    if log.is_kept is False:
        kept = f"Its best model could not be kept ({log.why_not_kept}). "
    first, then = ("See to what it says; ", " then") if run.last_words() else ("", "")
    if epoch:
        return f"{kept}{first}Resume{then} goes on from epoch {epoch}."
    return f"{kept}{first}Resume{then} begins anew, or change the form and start another."


def progress_text(log: TrainingLog) -> str:
    """Return the numbers of the epoch that ended last, in a line."""
    last = log.last_epoch
    if last is None:
        return log.device
    since = last.epoch - log.best_epoch
    parts = [
        f"validation loss {last.validation_loss:.4g}, best {log.best_loss:.4g}",
        f"{since} {'epoch' if since == 1 else 'epochs'} since the best",
        f"learning rate {last.learning_rate:.2g}",
    ]
    if math.isfinite(last.samples_per_second):
        parts.append(f"{last.samples_per_second:,.0f} mocks per second")
    if math.isfinite(last.device_memory):
        parts.append(f"{last.device_memory / _BYTES_PER_GB:.2f} GB of device memory")
    if math.isfinite(last.remaining_seconds) and not log.is_saving:
        parts.append(f"{time_text(last.remaining_seconds)} left")
    if log.batch_size is not None:
        parts.append(f"batch {log.batch_size}: a larger one did not fit the device's memory")
    return " · ".join([*parts, log.device])


def preview_text(preview: Mapping[str, Any]) -> str:
    """Return the size of a training and its time, in lines."""
    return (
        f"{preview['mocks']:,} mocks, {preview['samples']:,} of them in an epoch; "
        f"{preview['bytes'] / 1e6:,.0f} MB of memory on the device\n"
        f"{preview['parameters']:,} parameters of the network\n"
        f"About {time_text(preview['seconds_per_epoch'])} an epoch, {time_text(preview['seconds'])} in all"
    )


def device_text(device: Mapping[str, Any]) -> str:
    """Return a device's name for people, with its memory."""
    if device["free"] is None:
        return str(device["title"])
    free, total = (device[key] / _BYTES_PER_GB for key in ("free", "total"))
    return f"{device['title']} ({device['name']}), {free:.1f} of {total:.1f} GB free"


def example_title(example: Mapping[str, Any]) -> str:
    """Return what an example SED of a preview is, in two lines of rich text."""
    log_age, metallicity, ebv = example["parameters"]
    return (
        f"magnitude {example['magnitude']:g}, redshift {example['redshift']:.2f}<br>"
        f"log age {log_age:.2f}, [M/H] {metallicity:+.2f}, E(B−V) {ebv:.2f}"
    )
