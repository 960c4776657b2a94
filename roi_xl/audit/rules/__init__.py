"""The modelling rules of `check`, by comparison."""
