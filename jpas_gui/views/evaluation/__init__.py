"""The evaluation of models: predicted against true, errors by magnitude, calibration, the exact posterior."""
