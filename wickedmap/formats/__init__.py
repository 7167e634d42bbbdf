"""Files in and files out: one module per format, each with what it cannot carry."""
