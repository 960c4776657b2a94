"""Modules that shipped VBA calls by name: the UDFs in Chinese and in English."""
