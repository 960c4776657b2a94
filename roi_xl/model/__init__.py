"""The economics: pure numpy functions, floats in, floats out."""
