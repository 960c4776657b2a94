"""The modelling-standard checklist, rule by rule, and an independent recomputation of every result."""
