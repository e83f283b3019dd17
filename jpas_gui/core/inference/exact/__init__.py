"""The exact posterior of a galaxy under one library; the mathematics, with the proofs, is in `docs/method.md`."""
