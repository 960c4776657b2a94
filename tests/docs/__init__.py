"""The documentation: README.md, README.zh.md and docs/; `python -m tests.docs` writes what is generated."""
