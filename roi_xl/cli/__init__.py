"""The command line `roi-xl`: one module per command, named after it, and what commands share."""
