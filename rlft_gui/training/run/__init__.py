"""What surrounds the gradient steps of every run: reporting, probing, saving, stopping."""
