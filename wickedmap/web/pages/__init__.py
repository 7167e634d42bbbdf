"""One module per surface: a layout, and the callbacks that keep it current."""
