.PHONY: start check format wheel

start:
	./start

check:
	./check

format:
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

wheel:
	.venv/bin/python -m hatchling build --target wheel
