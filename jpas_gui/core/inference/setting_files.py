"""Whether the libraries and the noise that the settings of a training name are there, before anything starts."""

from collections.abc import Iterable, Iterator

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.setting_rules import SettingProblem
from jpas_gui.core.inference.settings import TrainingSettings
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model, noise_problem
from jpas_gui.core.ssp.catalogue import library_problem


def absent_files(libraries: Iterable[str], noise: str) -> Iterator[SettingProblem]:
    """Yield which libraries and noise of these names, or paths, are not there; no file's content is looked at."""
    for name in libraries:
        if problem := library_problem(name):
            yield SettingProblem("data.libraries", problem)
    if problem := noise_problem(noise):
        yield SettingProblem("data.noise", problem)


def check_files(settings: TrainingSettings, origin: str) -> None:
    """Refuse settings that name a library or a noise that is not there, or a noise file that is none.

    Parameters
    ----------
    settings : TrainingSettings
    origin : str
        The file of the settings, for messages.

    Raises
    ------
    InputError
    """
    for problem in absent_files(settings.data.libraries, settings.data.noise):
        raise InputError(f"{origin}: {problem.in_file}")
    noise_model(NoiseSettings(settings.data.noise), [band.name for band in all_bands()[:N_SURVEY_BANDS]])
