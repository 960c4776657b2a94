"""One business case as a dataflow graph: inputs, steps, results."""
