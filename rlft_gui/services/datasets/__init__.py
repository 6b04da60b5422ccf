"""Training data: built in, brought by people, or made by runs, and what became of its rows."""
