"""Dated price sheets and their look-up."""
