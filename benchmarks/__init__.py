"""Speed of roi_xl beside its peers, each pair timed in the same run: `python -m benchmarks`.

What is shown are ratios, which a busy machine disturbs less than seconds. They are directional and
gate nothing; what gates is in tests/benchmarks, and counts calls and bytes instead.
"""
