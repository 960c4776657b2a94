"""Usage and cost exports of model providers, read into the inputs of a case."""
