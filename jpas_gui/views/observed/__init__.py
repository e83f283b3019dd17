"""The tab of observed galaxies: list, galaxy, answers, predictions of the whole catalogue."""
