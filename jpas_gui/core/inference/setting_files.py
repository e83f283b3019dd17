"""Whether the libraries and the noise that the settings of a training name are there, before anything starts."""

from collections.abc import Collection, Iterable, Iterator

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.setting_rules import SettingProblem
from jpas_gui.core.inference.settings import PaperSettings, TrainingSettings
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model, noise_problem
from jpas_gui.core.ssp.catalogue import known_libraries, library_problem


def absent_files(libraries: Iterable[str], noise: str) -> Iterator[SettingProblem]:
    """Yield which libraries and noise of these names, or paths, are not there; no file's content is looked at."""
    for name in libraries:
        if problem := library_problem(name):
            yield SettingProblem("data.libraries", problem)
    if problem := noise_problem(noise):
        yield SettingProblem("data.noise", problem)


def absent_ages(libraries: Collection[str], log_age_range: tuple[float, float]) -> Iterator[SettingProblem]:
    """Yield which libraries have no model of such ages, as far as their names alone tell their ages."""
    low, high = log_age_range
    for entry in known_libraries():
        if entry.name in libraries and entry.log_age and not (low <= entry.log_age[1] and high >= entry.log_age[0]):
            youngest, oldest = entry.log_age
            yield SettingProblem(
                "data.log_age_range", f"{entry.title} has models of log age {youngest:.2f} to {oldest:.2f} only"
            )


def noise_file_problem(path: str) -> str:
    """Return why a file of measured errors cannot be used; nothing where it can. Reading it takes a moment."""
    try:
        noise_model(NoiseSettings(path), [band.name for band in all_bands()[:N_SURVEY_BANDS]])
    except InputError as error:
        return str(error)
    return ""


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
    if isinstance(settings, PaperSettings):
        for problem in absent_ages(settings.data.libraries, settings.data.log_age_range):
            raise InputError(f"{origin}: {problem.in_file}")
    if text := noise_file_problem(settings.data.noise):
        raise InputError(f"{origin}: {SettingProblem('data.noise', text).in_file}")
