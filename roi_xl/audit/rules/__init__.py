"""The modelling rules of `check`, by subject."""
