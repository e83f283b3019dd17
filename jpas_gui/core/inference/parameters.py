"""The parameters that are inferred, and their order in arrays."""

PARAMETERS = ("log_age", "metallicity", "ebv")
"""Order of the parameters on the axes of arrays."""

PRIOR_LOG_AGE = (6.5, 10.15)
"""Range of log_age of the prior, as far as a library has it."""

PRIOR_EBV = (0.0, 1.0)
"""Range of E(B-V) of the prior, mag."""
