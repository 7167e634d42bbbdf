"""Pure analysis of causal maps: no people, no files, no screens."""
