"""From spectra to the band fluxes that J-PAS measures, with their noise."""
