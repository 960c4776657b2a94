"""The commands by area; each module registers its own on the group of cli.py."""
