"""How well a model recovers mocks whose truth is known: statistics, tables and the figures of the paper."""
