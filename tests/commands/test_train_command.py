"""The command `train`: a small training of the paper's networks, from its settings to its bundle."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from jpas_gui.cli import main
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.inference.training import CHECKPOINT
from jpas_gui.core.ssp.catalogue import add_library, load_library

CONFIG = """
preset = "paper"
seed = 3
[data]
libraries = ["popstar"]
log_age_range = [9.0, 9.3]
ebv = [0.0, 0.5]
magnitudes = [17.0, 20.0, 22.0]
[training]
epochs = 6
batch_size = 16
schedule = "cosine"
threads = 1
"""

WEIGHTS, DESCRIPTION = "weights.safetensors", "model.json"


@pytest.fixture(autouse=True)
def same_threads() -> Any:
    """Give the number of threads back, which the command sets."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "paper.toml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "model"


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def assert_same_weights(one: Path, other: Path) -> None:
    weights, expected = load_file(one / WEIGHTS), load_file(other / WEIGHTS)
    assert weights.keys() == expected.keys()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights.items())


def test_events_and_bundle(config: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(config), "-o", str(folder), "--json", "--device", "cpu"]) == 0
    printed = capsys.readouterr()
    events = lines(printed.out)
    assert printed.err == ""
    assert [event["event"] for event in events] == [
        "preparing",
        "preparing",
        "preparing",
        "mocks",
        "start",
        *["epoch"] * 6,
        "saving",
        "done",
    ]
    assert {"epoch", "epochs", "train_loss", "validation_loss", "learning_rate", "samples_per_second", "seconds",
            "best_epoch", "remaining_seconds", "predicted"} <= events[5].keys()  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == [DESCRIPTION, WEIGHTS]
    model = json.loads((folder / DESCRIPTION).read_text())
    text = json.dumps(model)
    assert model["name"] == "model"
    assert model["preset"] == "paper"
    assert load_library("popstar").numbers_sha256 in text
    assert '"mini-JPAS"' in text
    assert '"log_age_range": [9.0, 9.3]' in text
    assert "Dominguez Sanchez" in text
    assert str(config.parent) not in text
    assert np.isfinite(Predictor.load(folder).predict(some_photometry()).point).all()


def some_photometry() -> Photometry:
    return Photometry(np.ones((1, 56)), np.full((1, 56), 0.1), np.ones((1, 56), dtype=bool), np.zeros(1))


def test_progress_and_the_sentence_at_the_end(config: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(config), "-o", str(folder)]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{folder}: the model of epoch ")
    assert "/6" in printed.err


@pytest.mark.bit_exact
def test_seeds_make_runs_repeatable(config: Path, tmp_path: Path) -> None:
    for name in ("one", "same"):
        assert main(["train", str(config), "-o", str(tmp_path / name)]) == 0
    assert_same_weights(tmp_path / "one", tmp_path / "same")
    config.write_text(CONFIG.replace("seed = 3", "seed = 4"))
    assert main(["train", str(config), "-o", str(tmp_path / "other")]) == 0
    with pytest.raises(AssertionError):
        assert_same_weights(tmp_path / "one", tmp_path / "other")


def start(config: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "jpas_gui", "train", str(config), "-o", str(folder), "--json"]
    return subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def wait_for(process: subprocess.Popen[str], event: str, number: int = 1) -> None:
    """Read what the program prints up to an event."""
    assert process.stdout is not None
    for line in process.stdout:
        number -= json.loads(line)["event"] == event
        if number == 0:
            return
    pytest.fail(f"the program ended without {event}: {process.communicate()[1]}")


@pytest.mark.bit_exact
def test_killed_by_force_and_resumed_it_comes_to_the_same_result(config: Path, folder: Path, tmp_path: Path) -> None:
    assert main(["train", str(config), "-o", str(tmp_path / "whole"), "--device", "cpu"]) == 0
    for number, (event, count) in enumerate([("start", 1), ("epoch", 2), ("epoch", 1)]):
        process = start(config, folder, *["--resume"][:number])
        wait_for(process, event, count)
        time.sleep(0.002 * number)  # within the epoch that follows
        process.kill()
        process.communicate()
        assert (folder / CHECKPOINT).is_file()
        assert not (folder / WEIGHTS).exists()
    assert main(["train", str(config), "-o", str(folder), "--resume", "--device", "cpu"]) == 0
    assert_same_weights(folder, tmp_path / "whole")
    histories = [json.loads((path / DESCRIPTION).read_text()) for path in (folder, tmp_path / "whole")]
    assert histories[0]["training"]["history"] == histories[1]["training"]["history"]
    assert sorted(path.name for path in folder.iterdir()) == [DESCRIPTION, WEIGHTS]


def test_a_line_on_standard_input_stops_it_and_keeps_the_best(config: Path, folder: Path) -> None:
    config.write_text(CONFIG.replace("epochs = 6", "epochs = 100000"))
    process = start(config, folder)
    wait_for(process, "epoch", 2)
    out, err = process.communicate("something else\nstop\n", timeout=60)
    assert (process.returncode, err) == (0, "")
    last = lines(out)[-1]
    assert last["event"] == "stopped"
    assert last["best_epoch"] >= 1
    assert sorted(path.name for path in folder.iterdir()) == [CHECKPOINT, DESCRIPTION, WEIGHTS]


def signal_in_batch(monkeypatch: pytest.MonkeyPatch, number: int, *signals: signal.Signals) -> None:
    """Let the program get signals while it is at a batch."""
    from jpas_gui.core.inference.paper_task import PaperTask

    loss, batches = PaperTask.loss, []

    def interrupted(task: PaperTask, batch: Any) -> Any:
        batches.append(batch)
        if len(batches) == number:
            for each in signals:
                os.kill(os.getpid(), each)
        return loss(task, batch)

    monkeypatch.setattr(PaperTask, "loss", interrupted)


@pytest.mark.bit_exact
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_and_keeps_the_best(
    config: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], number: signal.Signals,
) -> None:  # fmt: skip
    before = signal.getsignal(number)
    with monkeypatch.context() as patched:
        signal_in_batch(patched, 12, number)
        assert main(["train", str(config), "-o", str(folder), "--device", "cpu"]) == 0
    assert "; stopped after epoch 2, --resume goes on" in capsys.readouterr().out
    assert signal.getsignal(number) is before
    assert sorted(path.name for path in folder.iterdir()) == [CHECKPOINT, DESCRIPTION, WEIGHTS]
    assert json.loads((folder / DESCRIPTION).read_text())["training"]["stopped"]
    assert main(["train", str(config), "-o", str(folder), "--resume", "--device", "cpu"]) == 0
    assert main(["train", str(config), "-o", str(tmp_path / "whole"), "--device", "cpu"]) == 0
    assert_same_weights(folder, tmp_path / "whole")


def test_a_stop_before_the_first_epoch_is_done(
    config: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        signal_in_batch(patched, 1, signal.SIGINT)
        assert main(["train", str(config), "-o", str(folder)]) == 0
    assert "stopped before the end of the first epoch: nothing is learned yet" in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == [CHECKPOINT]
    assert main(["train", str(config), "-o", str(folder), "--resume"]) == 0


def signal_while_preparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program get a signal while it makes the mocks."""
    from jpas_gui.core.inference import running

    task = running.training_task

    def interrupted(*arguments: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return task(*arguments)

    monkeypatch.setattr(running, "training_task", interrupted)


def test_a_stop_while_it_prepares_itself_for_the_first_time_leaves_nothing(
    config: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        signal_while_preparing(patched)
        assert main(["train", str(config), "-o", str(folder)]) == 0
    assert "nothing is learned yet; --resume begins anew" in capsys.readouterr().out
    assert list(folder.iterdir()) == []
    assert main(["train", str(config), "-o", str(folder), "--keep-best"]) == 0
    assert "nothing is learned yet" in capsys.readouterr().out
    assert main(["train", str(config), "-o", str(folder), "--resume"]) == 0


@pytest.mark.bit_exact
def test_a_stop_while_it_prepares_to_go_on_keeps_the_best(
    config: Path, cut_off: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = stopped_after_two_epochs(config, tmp_path / "stopped", monkeypatch)
    with monkeypatch.context() as patched:
        signal_while_preparing(patched)
        assert main(["train", str(config), "-o", str(cut_off), "--resume", "--device", "cpu"]) == 0
    assert "; stopped after epoch 2, --resume goes on" in capsys.readouterr().out
    assert_same_models(cut_off, whole)
    assert main(["train", str(config), "-o", str(cut_off), "--resume", "--device", "cpu"]) == 0
    assert sorted(path.name for path in cut_off.iterdir()) == [DESCRIPTION, WEIGHTS]


def stopped_after_two_epochs(config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with monkeypatch.context() as patched:
        signal_in_batch(patched, 12, signal.SIGTERM)
        assert main(["train", str(config), "-o", str(folder), "--device", "cpu"]) == 0
    return folder


def assert_same_models(one: Path, other: Path) -> None:
    assert_same_weights(one, other)
    kept, expected = (json.loads((folder / DESCRIPTION).read_text()) for folder in (one, other))
    del expected["test"]  # it would need the mocks
    for model in (kept, expected):
        for key in ("name", "weights_sha256", "description_sha256"):
            model.pop(key, None)
        model["training"].pop("seconds")
        model["versions"].pop("created")
    assert kept == expected


@pytest.mark.bit_exact
def test_the_best_is_kept_from_the_checkpoint_of_a_training_that_was_cut_off(
    config: Path, cut_off: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", str(config), "-o", str(cut_off), "--keep-best"]
    assert main(arguments) == 0
    assert "; stopped after epoch 2, --resume goes on" in capsys.readouterr().out
    assert_same_models(cut_off, stopped_after_two_epochs(config, tmp_path / "stopped", monkeypatch))
    assert np.isfinite(Predictor.load(cut_off).predict(some_photometry()).point).all()
    before = snapshot(cut_off)
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    assert [event["event"] for event in lines(capsys.readouterr().out)] == ["stopped"]
    assert snapshot(cut_off) == before  # what is measured of a model is not lost


def test_what_cannot_be_kept_is_told(config: Path, cut_off: Path, tmp_path: Path, refusal: Callable[..., str]) -> None:
    assert "no such folder: no model to keep" in refusal("train", str(config), "-o", "none", "--keep-best")
    (cut_off / CHECKPOINT).write_bytes((cut_off / CHECKPOINT).read_bytes()[:-1])
    assert "cut short or damaged checkpoint" in refusal("train", str(config), "-o", str(cut_off), "--keep-best")


def test_one_that_is_done_is_not_resumed(
    config: Path, folder: Path, capsys: pytest.CaptureFixture[str], refusal: Callable[..., str]
) -> None:
    assert main(["train", str(config), "-o", str(folder), "--device", "cpu"]) == 0
    before = snapshot(folder)
    capsys.readouterr()
    assert main(["train", str(config), "-o", str(folder), "--resume"]) == 0
    assert main(["train", str(config), "-o", str(folder), "--keep-best"]) == 0
    for line in capsys.readouterr().out.splitlines():
        assert line.startswith(f"{folder}: the training is done: the model of epoch ")
    assert main(["train", str(config), "-o", str(folder), "--resume", "--json"]) == 0
    (event,) = lines(capsys.readouterr().out)
    assert (event["event"], event["epoch"], event["already"]) == ("done", 6, True)
    config.write_text(CONFIG.replace("epochs = 6", "epochs = 7"))
    said = refusal("train", str(config), "-o", str(folder), "--resume")
    assert "belongs to a training with training.epochs = 6, now it is 7" in said
    assert snapshot(folder) == before


@pytest.mark.parametrize("is_written", [False, True])
def test_one_that_was_killed_while_it_tidied_up_goes_on(
    config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, is_written: bool
) -> None:
    from jpas_gui.core.inference import running

    write = running.write_bundle

    def cut_off(*arguments: Any) -> None:
        if is_written:
            write(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(running, "write_bundle", cut_off)
        assert main(["train", str(config), "-o", str(folder)]) == 130
    for name in (WEIGHTS, DESCRIPTION):
        (folder / f".{Path(name).stem}.99.part{Path(name).suffix}").write_text("half of it")
    assert main(["train", str(config), "-o", str(folder), "--resume"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [DESCRIPTION, WEIGHTS]


def test_a_second_interrupt_ends_it_at_once(config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signal_in_batch(monkeypatch, 12, signal.SIGINT, signal.SIGINT)
    assert main(["train", str(config), "-o", str(folder)]) == 130
    assert [path.name for path in folder.iterdir()] == [CHECKPOINT]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_is_overwritten(config: Path, folder: Path, refusal: Callable[..., str]) -> None:
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work")
    arguments = ["train", str(config), "-o", str(folder)]
    for way in ((), ("--overwrite",)):
        assert refusal(*arguments, *way) == (
            f"jpas-gui: {folder}: a folder with something else in it (thesis.tex): choose another folder"
        )
    assert refusal(*arguments, "--resume") == (
        f"jpas-gui: {folder}: no training to resume: there is no {CHECKPOINT} in it"
    )
    assert snapshot(folder) == {"thesis.tex": b"years of work"}


def test_a_model_is_replaced_only_if_one_says_so(config: Path, folder: Path, refusal: Callable[..., str]) -> None:
    config.write_text(CONFIG.replace("epochs = 6", "epochs = 1"))
    arguments = ["train", str(config), "-o", str(folder)]
    assert main(arguments) == 0
    before = snapshot(folder)
    assert refusal(*arguments) == f"jpas-gui: {folder}: exists already: choose another name, or --overwrite it"
    assert snapshot(folder) == before
    config.write_text(config.read_text().replace("seed = 3", "seed = 4"))
    assert main([*arguments, "--overwrite"]) == 0
    assert sorted(snapshot(folder)) == [DESCRIPTION, WEIGHTS]
    assert snapshot(folder)[WEIGHTS] != before[WEIGHTS]
    (folder / CHECKPOINT).write_bytes(b"")
    assert "go on with that training (--resume), choose another name, or --overwrite it" in refusal(*arguments)


@pytest.fixture
def cut_off(config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Folder of a training that was cut off after its second epoch, by a full disk."""
    write, n_written = Path.write_bytes, []

    def write_until_full(path: Path, data: bytes) -> int:
        n_written.append(path.name.startswith(".checkpoint"))
        if sum(n_written) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", write_until_full)
        assert main(["train", str(config), "-o", str(folder), "--device", "cpu"]) == 2
    said = capsys.readouterr().err
    assert said.endswith(f"jpas-gui: {folder / CHECKPOINT}: cannot be written (No space left on device)\n")
    return folder


@pytest.mark.bit_exact
def test_a_full_disk_keeps_the_last_checkpoint(config: Path, cut_off: Path, tmp_path: Path) -> None:
    assert [path.name for path in cut_off.iterdir()] == [CHECKPOINT]
    shutil.copy(cut_off / CHECKPOINT, cut_off / ".checkpoint.99.part.safetensors")  # a killed program leaves such
    assert main(["train", str(config), "-o", str(cut_off), "--resume", "--device", "cpu"]) == 0
    assert main(["train", str(config), "-o", str(tmp_path / "whole"), "--device", "cpu"]) == 0
    assert_same_weights(cut_off, tmp_path / "whole")
    assert sorted(path.name for path in cut_off.iterdir()) == [DESCRIPTION, WEIGHTS]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("seed = 3", "seed = 4", "seed = 3, now it is 4"),
        ("[9.0, 9.3]", "[9.0, 9.4]", "data.log_age_range = [9.0, 9.3], now it is [9.0, 9.4]"),
        ('"cosine"', '"constant"', 'training.schedule = "cosine", now it is "constant"'),
    ],
)
def test_resuming_with_other_settings(
    config: Path, cut_off: Path, refusal: Callable[..., str], before: str, after: str, message: str
) -> None:
    kept = snapshot(cut_off)
    config.write_text(CONFIG.replace(before, after))
    said = refusal("train", str(config), "-o", str(cut_off), "--resume", "--device", "cpu")
    assert said.startswith(f"jpas-gui: {cut_off / CHECKPOINT}: belongs to a training with {message}: ")
    assert snapshot(cut_off) == kept


def test_resuming_from_a_truncated_checkpoint(config: Path, cut_off: Path, refusal: Callable[..., str]) -> None:
    content = (cut_off / CHECKPOINT).read_bytes()
    (cut_off / CHECKPOINT).write_bytes(content[:-1000])
    said = refusal("train", str(config), "-o", str(cut_off), "--resume", "--device", "cpu")
    assert said.startswith(f"jpas-gui: {cut_off / CHECKPOINT}: cut short or damaged checkpoint")
    assert (cut_off / CHECKPOINT).read_bytes() == content[:-1000]


def test_resuming_without_the_library(
    config: Path, folder: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = add_library(replace(load_library("popstar"), name="mine"))
    config.write_text(CONFIG.replace('"popstar"', '"mine"'))
    with monkeypatch.context() as patched:
        signal_in_batch(patched, 12, signal.SIGTERM)
        assert main(["train", str(config), "-o", str(folder)]) == 0
    path.unlink()
    kept = snapshot(folder)
    said = refusal("train", str(config), "-o", str(folder), "--resume")
    assert said.startswith(
        f"jpas-gui: {config}: Libraries (data.libraries): mine: no such file or folder, and no library"
    )
    assert snapshot(folder) == kept


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("epochs = 6", "epoch = 6", "paper.toml: unknown key training.epoch"),
        ('["popstar"]', '["gone.h5"]', "gone.h5: no such file or folder, and no library of that name"),
        ("[data]", '[data]\nnoise = "SDSS"', "no noise model 'SDSS': choose one of mini-JPAS"),
        ("[data]", '[data]\ndust_law = "smc"', "Dust law (data.dust_law): one of calzetti, "),
        ("[data]", '[data]\nnoise = ""', "Noise (data.noise): no noise model is named: choose one of mini-JPAS"),
        ("[data]", '[data]\nnoise = "paper.toml"', "paper.toml: not an ECSV table"),
        ("epochs = 6", "epochs = 1e9", "Epochs (training.epochs): a whole number from 1 to 1,000,000 is needed"),
    ],
)
def test_bad_settings(
    config: Path, folder: Path, refusal: Callable[..., str], before: str, after: str, message: str
) -> None:
    config.write_text(CONFIG.replace(before, after).replace('schedule = "cosine"', ""))
    assert message in refusal("train", str(config), "-o", str(folder), "--device", "cpu")
    assert not folder.exists()


def test_ages_that_no_library_has(config: Path, folder: Path, refusal: Callable[..., str]) -> None:
    config.write_text(CONFIG.replace("[9.0, 9.3]", "[10.5, 10.6]"))
    said = refusal("train", str(config), "-o", str(folder), "--device", "cpu")
    assert "log age (data.log_age_range): PopStar has models of log age 5.00 to 10.18 only" in said
    assert not folder.exists()


def test_help_tells_all_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    assert "training.warm_up_steps   Warm-up (batches)" in capsys.readouterr().out


def test_a_loss_that_is_not_a_number(config: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(CONFIG.replace('schedule = "cosine"', "learning_rate = 1e30"))
    assert main(["train", str(config), "-o", str(folder), "--json", "--device", "cpu"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("jpas-gui: the loss is not a number in batch ")
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == [CHECKPOINT]


def test_a_preview_trains_nothing(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(config), "--preview", "--device", "cpu"]) == 0
    printed = capsys.readouterr().out
    assert "mocks, " in printed
    assert re.search(r"^\S*[1-9]\S* s an epoch, \S*[1-9]\S* s in all on cpu$", printed, re.MULTILINE)
    assert main(["train", str(config), "--preview", "--device", "cpu", "--json"]) == 0
    (preview,) = lines(capsys.readouterr().out)
    assert preview["mocks"] > preview["samples"] > 0
    assert [example["magnitude"] for example in preview["examples"]] == [17, 19, 21]
    assert {path.name for path in tmp_path.iterdir()} <= {config.name, "user"}


def test_devices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    assert capsys.readouterr().out.startswith("cpu     Processor")
    assert main(["devices", "--json"]) == 0
    assert lines(capsys.readouterr().out)[0][0]["name"] == "cpu"


def test_bad_arguments(config: Path, tmp_path: Path, refusal: Callable[..., str]) -> None:
    assert "none.toml: cannot be read" in refusal("train", str(tmp_path / "none.toml"), "-o", str(tmp_path / "m"))
    assert "the folder" in refusal("train", str(config), "-o", str(tmp_path / "none" / "m"))
    assert "this is a file" in refusal("train", str(config), "-o", str(config))
    assert "no folder for the model: give one with -o" in refusal("train", str(config))
    assert "choose from" in refusal("train", str(config), "-o", str(tmp_path / "m"), "--device", "tpu")
    if not torch.cuda.is_available():
        assert "no CUDA device" in refusal("train", str(config), "-o", str(tmp_path / "m"), "--device", "cuda")
