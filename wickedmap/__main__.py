"""``python -m wickedmap`` is the command line."""

from .cli import main

main()
