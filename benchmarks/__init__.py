"""Speed of roi_xl beside its peers, each pair timed in the same run: `python -m benchmarks`.

The results are ratios, which a busy machine distorts less than seconds. They are informative and
gate nothing; the tests in tests/benchmarks gate, and count calls and bytes instead.
"""
