"""What each setting of a training is: the one table that the form, the messages, ``train --help`` and the docs show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PAPER = "Dominguez Sanchez et al. 2025 (the paper)"
_DESIGN = "this program; see docs/results.md"


@dataclass(frozen=True)
class SettingNote:
    """What a setting is.

    Parameters
    ----------
    label : str
        Its name for people, without the unit.
    meaning : str
        Sentences.
    source : str
        Where it, or its default, comes from.
    unit : str
        Empty where it has none.
    usual : str
        What is usually taken, and what the ends cost; empty where there is nothing to say.
    """

    label: str
    meaning: str
    source: str
    unit: str = ""
    usual: str = ""

    @property
    def title(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


SETTING_NOTES: Mapping[str, SettingNote] = MappingProxyType(
    {
        "seed": SettingNote(
            "Seed",
            "Decides on all that is drawn: mocks, noise, first weights, order. The same settings and seed "
            "give the same model.",
            _DESIGN,
            usual="any; several seeds show how much of a result is chance",
        ),
        "data.libraries": SettingNote(
            "Libraries",
            "The SSP libraries that the mocks are made from: names that 'jpas-gui library list' knows, or paths, which "
            "count from the folder of the TOML file.",
            _PAPER,
            usual="several make a model that depends less on one library's physics",
        ),
        "data.weights": SettingNote(
            "Weights",
            "Part of each library in the mixture, in the order of the libraries, of any sum; none: all alike.",
            _DESIGN,
        ),
        "data.noise": SettingNote(
            "Noise",
            "The errors of the bands: a survey, whose depths are on record, or a file of measured errors that "
            "'jpas-gui noise calibrate' wrote.",
            "minijpas.TileImage of the J-PAS archive; measured errors: " + _PAPER,
            usual="the survey that is to be predicted",
        ),
        "data.zero_point": SettingNote(
            "Zero-point error",
            "Add the error of the zero points, 0.04 mag in each band, to the noise.",
            "ERRZPT of minijpas.TileImage",
            usual="true for models that are to allow for it in real galaxies",
        ),
        "data.dust_law": SettingNote(
            "Dust law",
            "The attenuation of the dust screen in front of the stars.",
            "Calzetti et al. 2000, ApJ 533, 682; others: see Explore",
        ),
        "data.log_age_range": SettingNote(
            "log age",
            "Which ages of the libraries are taken, from the youngest to the oldest.",
            _PAPER,
            "log10 yr",
            "6.5 to 10.15",
        ),
        "data.ebv": SettingNote(
            "E(B−V)", "The dust that each model is put behind, one mock each.", _PAPER, "mag", "0 to 1"
        ),
        "data.magnitudes": SettingNote(
            "Magnitudes",
            "The magnitudes in iSDSS at which each SED is observed, one mock each.",
            _PAPER,
            "AB, iSDSS",
            "16 to 22 in steps of 0.5; steps make the sample larger",
        ),
        "data.aperture_factor": SettingNote(
            "Aperture factor",
            "The root of the area of the aperture over that of 3 arcsec, for which depths are given: the sky's noise "
            "grows with it. Measured errors have it in them.",
            "median of five J-PAS galaxies brighter than i = 21",
            usual="1 (point sources) to 2.5 (large galaxies)",
        ),
        "data.one_magnitude": SettingNote(
            "One magnitude for all bands",
            "Give each band the relative error that it has at the mock's magnitude in iSDSS, whatever its own flux.",
            "the simpler reading of the paper",
            usual="false: real errors follow the flux in each band",
        ),
        "data.split": SettingNote(
            "Split by",
            "Which mocks train (64 %), validate (16 %) and test (20 %): drawn one by one (row), or all mocks of an SSP "
            "model together (model), so that no model is both trained on and tested.",
            _PAPER,
            usual="row as in the paper; model for a test that is harder, and more honest",
        ),
        "data.fresh_noise": SettingNote(
            "Fresh noise in every epoch",
            "Draw the noise of the training mocks anew in each epoch, so that networks cannot learn it by heart.",
            "false in the paper, true in paper-popstar: see docs/results.md",
            usual="true: the same network does better",
        ),
        "data.magnitude_range": SettingNote(
            "Magnitude range",
            "The magnitudes in iSDSS that mocks are drawn from, all alike; the model is valid for these.",
            _DESIGN,
            "AB, iSDSS",
            "16 to 22, the paper's",
        ),
        "data.aperture_factor_range": SettingNote(
            "Aperture factor range",
            "The aperture factors that mocks are drawn from, all alike: the root of the area of the aperture over "
            "that of 3 arcsec, for which depths are given.",
            _DESIGN,
            usual="1 (point sources) to 2.5 (large galaxies)",
        ),
        "data.redshift_range": SettingNote(
            "Redshift range",
            "The redshifts that mocks are drawn from, all alike; the model is valid for these.",
            _DESIGN,
            usual="0 to 0.5; a wider range needs more redshifts in the pool",
        ),
        "data.n_redshifts": SettingNote(
            "Redshifts in the pool",
            "How many redshifts the noise-free mocks are made at, before the first epoch; each takes about 10 ms.",
            _DESIGN,
            usual="512 to 4096",
        ),
        "data.n_per_redshift": SettingNote(
            "Mocks per redshift",
            "How many populations are drawn at each of these redshifts. A mock takes 236 bytes of the device's memory.",
            _DESIGN,
            usual="1024 to 4096",
        ),
        "data.samples_per_epoch": SettingNote(
            "Mocks in an epoch",
            "How many mocks of the pool an epoch takes, each with a magnitude, an aperture and noise of its own; all, "
            "where the pool has fewer.",
            _DESIGN,
            usual="50,000 to 500,000",
        ),
        "data.band_dropout": SettingNote(
            "Missing bands, largest part",
            "The largest part of its bands that a mock may lack, so that the model can do without; half of the mocks "
            "lack none.",
            _DESIGN,
            usual="0 to 0.5",
        ),
        "network.width": SettingNote(
            "Width of a hidden layer", "Units of each hidden layer.", _DESIGN, usual="128 to 512"
        ),
        "network.depth": SettingNote("Hidden layers", "How many hidden layers there are.", _DESIGN, usual="2 to 5"),
        "network.gaussians": SettingNote(
            "Gaussians",
            "How many Gaussians each of the two mixtures has that make the posterior: more can follow bends and "
            "several peaks.",
            "mixture density networks: Bishop 1994; the number: docs/results.md",
            usual="3 to 8",
        ),
        "training.epochs": SettingNote(
            "Epochs",
            "How often the training goes through its mocks; the model of the best epoch is kept.",
            _PAPER,
            usual="50 to 200 (paper), 20 to 100 (posterior)",
        ),
        "training.batch_size": SettingNote(
            "Batch",
            "Mocks that the network sees between two changes of its weights.",
            _PAPER,
            "mocks",
            "64 to 1024; it is halved by itself where the device's memory is full",
        ),
        "training.learning_rate": SettingNote(
            "Learning rate",
            "Step of the optimiser Adam; the highest one of the schedule.",
            "Kingma & Ba 2015, arXiv:1412.6980",
            usual="0.0001 to 0.003; too large: the loss jumps or is no number",
        ),
        "training.schedule": SettingNote(
            "Schedule",
            "The learning rate stays (constant), or falls along a cosine to zero at the end of the last epoch "
            "(cosine).",
            "Loshchilov & Hutter 2017, arXiv:1608.03983",
            usual="cosine ends with a better loss",
        ),
        "training.warm_up_steps": SettingNote(
            "Warm-up",
            "Batches over which the learning rate rises to its full value at the start; 0: none.",
            "Goyal et al. 2017, arXiv:1706.02677",
            "batches",
            "0 to 1000",
        ),
        "training.weight_decay": SettingNote(
            "Weight decay",
            "How strongly weights are drawn to zero in each step. Above 0, AdamW is used in place of Adam.",
            "Loshchilov & Hutter 2019, arXiv:1711.05101",
            usual="0 to 0.01",
        ),
        "training.gradient_clip": SettingNote(
            "Gradient clip",
            "Largest norm of the gradient of a network: a longer one is shortened; 0: any.",
            "Pascanu et al. 2013, arXiv:1211.5063",
            usual="0, or 1 to 10 where the loss jumps",
        ),
        "training.patience": SettingNote(
            "Patience",
            "Stop after so many epochs without a better validation loss; 0: never.",
            "early stopping: Prechelt 1998",
            "epochs",
            "0 with the schedule cosine; 10 to 50 with constant",
        ),
        "training.precision": SettingNote(
            "Precision",
            "Numbers of the products between hidden layers: bfloat16 has half the bits, and is faster on new devices.",
            "Kalamkar et al. 2019, arXiv:1905.12322",
            usual="float32; bfloat16 on a graphics card",
        ),
        "training.threads": SettingNote(
            "Threads",
            "Threads of the processor; 0: one less than it has cores, which leaves one to the window.",
            _DESIGN,
            usual="0",
        ),
    }
)
"""By the key that a TOML file has, with its table: ``"training.epochs"``."""
