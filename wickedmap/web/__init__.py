"""The screens and the HTTP API: they ask `workshop` and draw; no rules live here."""
